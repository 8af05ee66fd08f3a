"""The traffic of one instance within the last five minutes, by the way of its answers, by persona and by model."""

from collections.abc import Callable, Iterable
from typing import Any, Final

from ion_mentoring.telemetry.product import APIRequestEvent, DangerEvent, PersonaProcessEvent
from ion_mentoring.telemetry.recent import SLOT_S, Counted, Recent, together

WINDOW_S: Final = 300.0
LATELY_S: Final = 60.0  # so that trouble that is over does not hide new one
PATHS: Final = ("cached", "embedded", "model")
REFUSED: Final = (401, 403, 429)  # those of the alert `refused`


def traffic(recent: Recent) -> dict[str, Any]:
    """Answers with P50 and P95 (milliseconds, upper bounds), errors of ours, what was replaced, tokens and cost.

    `answers`, `errors` and `degraded` are counts; `replaced` counts the answers by what they went without, `refused` the
    requests by the code of their refusal; `replaced_lately` is of the last minute. `by_slot` is the answers of each ten
    seconds, the current ones last.
    """
    counted = recent.over(WINDOW_S)
    answers = _answers(counted)
    errors = [one for one in counted if one.kind is APIRequestEvent and one.labels["status"] >= 500]
    return {
        "window_s": WINDOW_S,
        **_figures(answers),
        "errors": together(errors).count,
        "degraded": together(one for one in answers if one.labels["degraded"]).count,
        "replaced": _replaced(answers),
        "replaced_lately": _replaced(_answers(recent.over(LATELY_S))),
        "refused": _refused(counted),
        "danger": together(one for one in counted if one.kind is DangerEvent).count,
        "by_slot": recent.by_slot(PersonaProcessEvent, int(WINDOW_S / SLOT_S)),
        "by_path": {path: _figures(one for one in answers if one.labels["path"] == path) for path in PATHS},
        "by_persona": _by("persona", answers, _figures),
        "by_model": _by("model", [one for one in answers if one.labels["path"] != "cached"], _spent),
    }


def _answers(counted: list[Counted]) -> list[Counted]:
    return [one for one in counted if one.kind is PersonaProcessEvent and one.labels["success"]]


def _replaced(answers: list[Counted]) -> dict[str, int]:
    parts = sorted({part for one in answers for part in one.labels["degraded"]})
    return {part: together(one for one in answers if part in one.labels["degraded"]).count for part in parts}


def _refused(counted: list[Counted]) -> dict[str, int]:
    refused = [one for one in counted if one.kind is APIRequestEvent and one.labels["status"] in REFUSED]
    return {code: figures["answers"] for code, figures in _by("error", refused, _figures).items()}


def _by(label: str, series: list[Counted], view: Callable[[Iterable[Counted]], dict[str, Any]]) -> dict[str, Any]:
    names = sorted({str(one.labels[label]) for one in series})
    return {name: view(one for one in series if str(one.labels[label]) == name) for name in names}


def _figures(series: Iterable[Counted]) -> dict[str, Any]:
    tally = together(series)
    return {"answers": tally.count, "p50_ms": tally.percentile(0.5), "p95_ms": tally.percentile(0.95)}


def _spent(series: Iterable[Counted]) -> dict[str, Any]:
    tally = together(series)
    input_tokens, output_tokens, nano_usd = tally.sums
    return {"answers": tally.count, "input_tokens": input_tokens, "output_tokens": output_tokens, "nano_usd": nano_usd}
