"""One goal, measured: rows of a table for people and of a file for programs."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """The medians of what was measured, beside what it is compared with; `figure` is what the goal is about."""

    goal: str
    what: str
    unit: str
    beside: float
    ours: float
    figure: float
    wanted: str
    met: bool
    spread: tuple[float, float]


def ratio(goal: str, what: str, unit: str, pairs: Sequence[tuple[float, float]], wanted: float, *, at_least: bool) -> Row:
    """A row from pairs (the other, ours) measured one after the other; its figure is the median of their ratios."""
    ratios = sorted(ours / beside for beside, ours in pairs)
    figure = statistics.median(ratios)
    sign, met = (">=", figure >= wanted) if at_least else ("<=", figure <= wanted)
    return _row(goal, what, unit, pairs, figure, f"{sign} {wanted}", met, (ratios[0], ratios[-1]))


def difference(goal: str, what: str, pairs: Sequence[tuple[float, float]], most_ms: float | None) -> Row:
    """A row in milliseconds; its figure is the median of what ours takes more, its spread the 5th and 95th percentile.

    Without `most_ms` it is there to be seen, and no goal.
    """
    more = sorted(ours - beside for beside, ours in pairs)
    figure = statistics.median(more)
    percentiles = (more[len(more) // 20], more[-1 - len(more) // 20])
    wanted, met = ("-", True) if most_ms is None else (f"<= {most_ms}", figure <= most_ms)
    return _row(goal, what, "ms more", pairs, figure, wanted, met, percentiles)


def counted(goal: str, what: str, unit: str, figure: float, most: float | None) -> Row:
    """A row of one figure, which is compared with nothing but its goal; without `most` it is there to be seen, and no goal."""
    wanted, met = ("-", True) if most is None else (f"<= {most:g}", figure <= most)
    return _row(goal, what, unit, [(most or 0.0, figure)], figure, wanted, met, (figure, figure))


def _row(
    goal: str,
    what: str,
    unit: str,
    pairs: Sequence[tuple[float, float]],
    figure: float,
    wanted: str,
    met: bool,
    spread: tuple[float, float],
) -> Row:
    return Row(
        goal=goal,
        what=what,
        unit=unit,
        beside=round(statistics.median(beside for beside, _ in pairs), 1),
        ours=round(statistics.median(ours for _, ours in pairs), 1),
        figure=round(figure, 3),
        wanted=wanted,
        met=met,
        spread=(round(spread[0], 3), round(spread[1], 3)),
    )


def table(rows: Sequence[Row]) -> str:
    """The rows for people."""
    lines = [
        f"{'goal':<5} {'what':<44} {'beside':>9} {'ours':>9}  {'unit':<10} {'figure':>7}  {'(spread)':<16} {'wanted':<8} met"
    ]
    for one in rows:
        spread = f"({one.spread[0]}, {one.spread[1]})"
        lines.append(
            f"{one.goal:<5} {one.what:<46} {one.beside:>9} {one.ours:>9}  {one.unit:<10} {one.figure:>7}  {spread:<18} "
            f"{one.wanted:<8} {_met(one)}"
        )
    return "\n".join(lines)


def _met(row: Row) -> str:
    if row.wanted == "-":
        return "-"
    return "yes" if row.met else "NO"
