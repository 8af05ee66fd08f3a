"""A line of the log for people: one short line, what matters first, coloured by severity where colours are wanted."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from ion_mentoring.telemetry.events import Line

COLOURS: Final = {"DEBUG": "2", "INFO": "32", "WARNING": "33", "ERROR": "31;1"}
MOST_CHARACTERS: Final = 160
OWN: Final = frozenset(("severity", "message", "time", "function", "request_id", "trace_id", "logging.googleapis.com/trace"))
LEFT_OUT: Final[tuple[Any, ...]] = (None, "", (), [], 0, False)  # says nothing that a person looks for


class Readable:
    """Writes lines such as `18:14:51 router  lua answered calm-medium-learning from L1 in 1.5 ms`."""

    def __init__(self, *, coloured: bool) -> None:
        self._coloured = coloured

    def __call__(self, line: Line) -> str:
        """One line, cut where it is too long; control characters are shown and not obeyed."""
        said = f"{line['time'][11:19]} {line['function']:<8} {' '.join(_said(line))}"
        shown = "".join(letter if letter.isprintable() else "\ufffd" for letter in said)
        if len(shown) > MOST_CHARACTERS:
            shown = f"{shown[: MOST_CHARACTERS - 1]}…"
        return f"\033[{COLOURS[line['severity']]}m{shown}\033[0m" if self._coloured else shown


def _said(line: Line) -> Iterator[str]:
    facts = {name: value for name, value in line.items() if name not in OWN}
    match line["message"]:
        case "PersonaProcessEvent":
            yield from _answered(facts)
        case "APIRequestEvent":
            yield f"{facts['method']} {facts['path'] or '?'} {facts['status']} in {facts['execution_time_ms']:.1f} ms"
            yield from _facts({name: facts[name] for name in ("error", "reason", "field", "caller")})
        case other:
            yield other
            yield from _facts(facts)


def _answered(facts: Mapping[str, Any]) -> Iterator[str]:
    if not facts["success"]:
        yield f"{facts['persona']} could not answer {facts['resonance_key']}: {facts['error']}"
        return
    where = facts["cache_layer"] or facts["model"]
    yield f"{facts['persona']} answered {facts['resonance_key']} from {where} in {facts['execution_time_ms']:.1f} ms"
    yield from _facts({name: facts[name] for name in ("degraded", "output_tokens", "caller")})


def _facts(facts: Mapping[str, Any]) -> Iterator[str]:
    for name, value in facts.items():
        if value not in LEFT_OUT:
            yield f"{name}={','.join(map(str, value)) if isinstance(value, list | tuple) else value}"
