"""The sections of the live board, each from the figures that a set gives to operators."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from ion_cli.progress import duration
from ion_cli.texts import language, text

PAGE: Final = 3  # the column of an alert's page
PAGE_OF: Final = {"cache": "cache", "personas": "persona-silent", "models": "degraded", "parts": "degraded"}  # of what fails
BARS: Final = " ▁▂▃▄▅▆▇█"
ALARMING: Final = {"CRITICAL": "bold red", "ERROR": "red", "WARNING": "yellow"}
BROKEN: Final = "bold red"
DOUBTFUL: Final = "yellow"
NANO: Final = 1e9
WAYS: Final = {"cached": "board.cached", "embedded": "board.embedded", "model": "board.model"}

Figures = Mapping[str, Any]


class Row(NamedTuple):
    """The cells of one line; `style` where it is no ordinary one."""

    cells: Sequence[object]
    style: str = ""


class Section(NamedTuple):
    """A heading with its lines; `heads` over their columns. The column `whole` is never broken, so that it can be copied."""

    title: str
    rows: Sequence[Row]
    heads: Sequence[str] = ()
    whole: int | None = None


def alerts(ringing: Sequence[Figures]) -> Section:
    """The alerts that ring, each with its page."""
    rows = [_alert(one) for one in ringing] or [Row((text("board.quiet"),), "green")]
    return Section(text("board.alerts"), rows, whole=PAGE)


def _alert(one: Figures) -> Row:
    beyond, page = f"{one['figure']:g} / {one['limit']:g}", f"docs/runbooks/{one['runbook']}.md"
    return Row((one["name"], one["title"].get(language(), ""), beyond, page), ALARMING.get(one["severity"], ""))


def answers(traffic: Figures, cache: Figures) -> Section:
    """The answers of the last minutes by their way, and how many were not what they should be."""
    ways = [timed(text(WAYS[path]), one) for path, one in traffic["by_path"].items() if one["answers"]]
    hits = cache.get("hit_rate")
    found = f"{text('board.hit_rate')} {'-' if hits is None else f'{hits:.0%}'}"
    refusals = traffic.get("refused", {})
    refused = text("board.errors", errors=traffic["errors"], refused=_parted(sum(refusals.values()), refusals))
    replaced = _parted(traffic["degraded"], traffic.get("replaced", {}))
    lately = traffic.get("replaced_lately")
    if lately is not None:
        replaced = text("board.lately", replaced=replaced, lately=_parted(sum(lately.values()), lately))
    instead = text("board.replaced", replaced=replaced, danger=traffic["danger"])
    wrong = BROKEN if traffic["errors"] else DOUBTFUL if refusals else ""
    speed = Row((text("board.a_second", rate=a_second(traffic)), _bars(traffic["by_slot"])))
    lacking = Row(("", instead), DOUBTFUL if traffic["degraded"] else "")
    title = text("board.traffic", minutes=round(traffic["window_s"] / 60))
    return Section(title, [speed, timed(text("board.all"), traffic), *ways, Row((found, refused), wrong), lacking], _timing())


def _parted(count: int, parts: Mapping[str, int]) -> str:
    """A number with what it is made of."""
    return f"{count} ({', '.join(f'{name} {number}' for name, number in parts.items())})" if parts else str(count)


def personas(dependencies: Figures, traffic: Figures, failing: Figures) -> Section:
    """The personas with their breakers, and why and since when one of them fails."""
    answered = traffic.get("by_persona", {})
    rows = [
        Row(
            (
                name,
                one.get("breaker") or text("board.here"),
                *timed("", answered.get(name, {})).cells[1:],
                _why(failing.get(name), PAGE_OF["personas"]),
            ),
            _style(one.get("breaker")),
        )
        for name, one in dependencies["personas"].items()
    ]
    return Section(text("board.personas"), rows, ("", text("board.breaker"), *_timing()[1:], ""))


def models(dependencies: Figures, traffic: Figures, failing: Figures) -> Section:
    """The models with their breakers, what they used in the last minutes, and why and since when one of them fails."""
    states, asked = dependencies["models"], traffic.get("by_model", {})
    names = dict.fromkeys((*states, *asked))
    rows = [
        Row(
            (name, states.get(name, "-"), *_spent(asked.get(name)), _why(failing.get(name), PAGE_OF["models"])),
            _style(states.get(name)),
        )
        for name in names
    ]
    return Section(text("board.models"), rows, ("", text("board.breaker"), *_spending(), ""))


def month(cost: Figures) -> Section:
    """The cost of this month by model."""
    if "total" not in cost:
        return Section(text("board.cost"), [Row((text("board.unknown"),), BROKEN)])
    by_model = (Row((name, *_spent(one))) for name, one in cost["by_model"].items())
    rows = [Row((text("board.all"), *_spent(cost["total"]))), *by_model]
    return Section(text("board.month", month=cost["month"]), rows, ("", *_spending()))


def batches(found: Figures) -> Section:
    """The batches under way."""
    if "running" not in found:
        row = Row((text("board.unknown"),), BROKEN)
    elif found["running"]:
        oldest = text("board.oldest", time=duration(found["oldest_s"] or 0))
        row = Row((text("board.running", **found), oldest), DOUBTFUL if found["failed"] else "")
    else:
        row = Row((text("board.none"),))
    return Section(text("board.batches"), [row])


def parts(dependencies: Figures, failing: Figures) -> Section:
    """The parts that all instances share, and why and since when one of them fails."""
    states = {name: state for name, state in dependencies.items() if isinstance(state, str)}
    return Section(text("board.parts"), [_part(*one, failing) for one in states.items()])


def _part(name: str, state: str, failing: Figures) -> Row:
    why = _why(failing.get(name), PAGE_OF.get(name, PAGE_OF["parts"])) if state == "down" else ""
    return Row((name, state, *([why] if why else [])), BROKEN if state == "down" else "")


def _why(trouble: Figures | None, page: str) -> str:
    """Since when something fails, its last reason, and the page that says what to do; empty where it does not."""
    if not trouble:
        return ""
    reason = trouble["reason"] or "-"
    return text("board.why", time=duration(trouble["for_s"]), reason=reason, page=f"docs/runbooks/{page}.md")


def timed(name: str, one: Figures) -> Row:
    """A number of answers with P50 and P95."""
    return Row((name, one.get("answers", "-"), ms(one.get("p50_ms")), ms(one.get("p95_ms"))))


def a_second(traffic: Figures) -> str:
    """The answers a second."""
    return f"{traffic['answers'] / traffic['window_s']:.2f}"


def ms(value: float | None) -> str:
    """An upper bound in milliseconds."""
    return "-" if value is None else f"≤ {value:,.0f}"


def _timing() -> tuple[str, ...]:
    return "", text("board.answers"), "P50 ms", "P95 ms"


def _spending() -> tuple[str, ...]:
    return text("board.answers"), text("board.tokens"), text("board.cost")


def _spent(one: Figures | None) -> tuple[object, ...]:
    if one is None:
        return "-", "-", "-"
    return one["answers"], one["input_tokens"] + one["output_tokens"], f"${one['nano_usd'] / NANO:,.4f}"


def _style(breaker: object) -> str:
    return BROKEN if breaker not in (None, "closed") else ""


def _bars(counts: Sequence[int]) -> str:
    most = max(*counts, 1)
    return "".join(BARS[-(-count * (len(BARS) - 1) // most)] for count in counts)
