"""The report of drills: what held, what did not, and what happened when."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from infra.drills.asking import Got
from infra.drills.judging import Outcome

LEGEND: Final = "The slowest answer of each second (bars end at {steps} ms; × one failed):"
BARS: Final = "▁▂▃▄▅▆▇█"
STEPS_MS: Final = (20, 50, 100, 200, 500, 1_000, 2_000)  # the upper bounds of all bars but the last


def report(outcomes: Sequence[Outcome], missing: Mapping[str, str], began: str) -> str:
    """The page, in Markdown."""
    return "\n".join(_lines(outcomes, missing, began)) + "\n"


def _lines(outcomes: Sequence[Outcome], missing: Mapping[str, str], began: str) -> Iterator[str]:
    held = sum(outcome.held for outcome in outcomes)
    yield f"# Drill of {began}: {held} of {len(outcomes)} held"
    yield from (f"\n**SKIPPED, nothing is known of the {name}**: {why}" for name, why in missing.items())
    yield "\n| drill | held | answers | failed | whole again after |\n| --- | --- | --- | --- | --- |"
    yield from map(_row, outcomes)
    for outcome in outcomes:
        yield from _told(outcome)


def _row(outcome: Outcome) -> str:
    failed = sum(one.error is not None for one in outcome.got)
    back = next((check.figure for check in outcome.checks if check.promise.startswith("whole again")), "")
    mark = "yes" if outcome.held else "**NO**"
    return f"| [{outcome.name}](#{outcome.name}) | {mark} | {len(outcome.got)} | {failed} | {back} |"


def _told(outcome: Outcome) -> Iterator[str]:
    yield f"\n## {outcome.name}\n\n| promise | held | figure |\n| --- | --- | --- |"
    yield from (f"| {one.promise} | {'yes' if one.held else '**NO**'} | {one.figure.strip()} |" for one in outcome.checks)
    if outcome.got:
        yield "\n" + LEGEND.format(steps=", ".join(f"{one:,}" for one in STEPS_MS)) + "\n"
        yield f"    {strip(outcome.got)}\n    {_marks(outcome)}"
    yield "\n| second | what happened |\n| --- | --- |"
    yield from (f"| {at:.1f} | {what} |" for at, what in outcome.timeline)


def strip(got: Sequence[Got]) -> str:
    """A sign for each second: how long the slowest question took that was asked in it; blank where none was."""
    seconds: dict[int, list[Got]] = {}
    for one in got:
        seconds.setdefault(int(one.asked_s), []).append(one)
    return "".join(_sign(seconds.get(second, ())) for second in range(max(seconds) + 1))


def _sign(got: Sequence[Got]) -> str:
    if not got:
        return " "
    if any(one.error for one in got):
        return "×"
    return BARS[sum(max(one.ms for one in got) > step for step in STEPS_MS)]


def _marks(outcome: Outcome) -> str:
    """A line below the strip, from the breaking to the mending."""
    broken, mended = int(outcome.broken_s), int(outcome.mended_s)
    return f"{' ' * broken}^{'-' * max(0, mended - broken - 1)}^"
