"""The critical path of a trace: what its end waited for, step by step back to its beginning; and the worst of many.

After CRISP (Zhang and others, USENIX ATC 2022) and Jaeger's view of one trace. It is right where spans tell what waits for
what: of two children that overlap, the one that ended last is taken for what was waited for, and none that outlives its parent.
"""

import statistics
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from ion_cli.traces.spans import Span

TOLERANCE_S: Final = 0.001  # two clocks, or two roundings of one


@dataclass(frozen=True, slots=True)
class Step:
    """A stretch of the critical path that a span spent itself, and not in one below it."""

    span: Span
    began: float
    ended: float

    @property
    def seconds(self) -> float:
        """Its duration."""
        return self.ended - self.began


@dataclass(frozen=True, slots=True)
class Worst:
    """A span's title over many traces: in how many it is on the critical path, its median time there, and its share of all.

    `gain_s` is how much shorter the median trace were, at most, if it took nothing.
    """

    title: str
    traces: int
    median_s: float
    share: float
    gain_s: float


def path(root: Span) -> list[Step]:
    """The critical path, from the beginning to the end; its steps add up to the root's duration."""
    steps: list[Step] = []
    _walk(root, root.began, root.ended, steps)
    return steps[::-1]


def _walk(span: Span, since: float, until: float, steps: list[Step]) -> None:
    """Goes back from `until` to `since`, each time to the child that ended last before; what lies between is the span's own."""
    at = until
    known = (child for child in span.children if child.began < until and child.ended <= span.ended + TOLERANCE_S)
    waited = sorted(known, key=lambda child: min(child.ended, until))
    while waited and at > since:
        child = waited.pop()
        ended, began = min(child.ended, until), max(child.began, since)
        if ended > at or ended <= began:
            continue  # it overlaps with one that ended later, and nobody waited for it
        if at > ended:
            steps.append(Step(span, ended, at))
        _walk(child, began, ended, steps)
        at = began
    if at > since:
        steps.append(Step(span, since, at))


def worst(roots: Iterable[Span]) -> list[Worst]:
    """The spans that are on critical paths, the one whose absence would help the median most first."""
    durations: list[float] = []
    own: list[dict[str, float]] = []
    for root in roots:
        durations.append(root.seconds)
        by_title: dict[str, float] = defaultdict(float)
        for step in path(root):
            by_title[step.span.title] += step.seconds
        own.append(by_title)
    titles = {title for by_title in own for title in by_title}
    return sorted((_worst(title, durations, own) for title in titles), key=lambda one: (-one.gain_s, -one.share, one.title))


def _worst(title: str, durations: Sequence[float], own: Sequence[dict[str, float]]) -> Worst:
    times = [by_title[title] for by_title in own if title in by_title]
    without = [seconds - by_title.get(title, 0.0) for seconds, by_title in zip(durations, own, strict=True)]
    gain = statistics.median(durations) - statistics.median(without)
    return Worst(title, len(times), statistics.median(times), sum(times) / (sum(durations) or 1.0), gain)
