"""Plots as inline SVG: lines over time and bars, readable without a network or a script."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Final

WIDTH: Final = 720
HEIGHT: Final = 220
LEFT: Final = 60
RIGHT: Final = 24
BOTTOM: Final = 28
TOP: Final = 12
COLOURS: Final = ("#0b62c4", "#c44a0b", "#2f7d32", "#7a3db8")
Point = tuple[float, float | None]


def lines(title: str, series: Mapping[str, Sequence[Point]], along: str = "s") -> str:
    """A plot of values, by default over seconds; where a value is None, its line has a gap."""
    every = [(x, y) for points in series.values() for x, y in points if y is not None]
    if not every:
        return _figure(title, "<p>nothing was measured</p>")
    right, top = max(x for x, _ in every) or 1.0, max(y for _, y in every) * 1.05 or 1.0
    drawn = "".join(
        f'<path d="{_path(points, right, top)}" fill="none" stroke="{COLOURS[place % len(COLOURS)]}" stroke-width="1.5"/>'
        for place, points in enumerate(series.values())
    )
    svg = f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(title)}">{_axes(right, top, along)}{drawn}</svg>'
    return _figure(title, svg + _legend(list(series)))


def bars(title: str, counts: Mapping[str, int]) -> str:
    """A bar for each name, the longest first, with its number beside it."""
    if not counts:
        return _figure(title, "<p>none</p>")
    most = max(counts.values())
    ordered = sorted(counts.items(), key=lambda one: -one[1])
    rows = "".join(
        f'<tr><th scope="row">{escape(name)}</th><td class="number">{count}</td>'
        f'<td><svg viewBox="0 0 300 12" class="bar" aria-hidden="true">'
        f'<rect width="{300 * count / max(most, 1):.1f}" height="12" fill="{COLOURS[0]}"/></svg></td></tr>'
        for name, count in ordered
    )
    return _figure(title, f"<table>{rows}</table>")


def _figure(title: str, inside: str) -> str:
    return f"<figure><figcaption>{escape(title)}</figcaption>{inside}</figure>"


def _legend(names: Sequence[str]) -> str:
    if len(names) < 2:
        return ""
    marks = (f'<span style="color:{COLOURS[place % len(COLOURS)]}">■</span> {escape(name)}' for place, name in enumerate(names))
    return f"<p>{' &nbsp; '.join(marks)}</p>"


def _x(value: float, right: float) -> float:
    return LEFT + value / right * (WIDTH - LEFT - RIGHT)


def _y(value: float, top: float) -> float:
    return HEIGHT - BOTTOM - value / top * (HEIGHT - BOTTOM - TOP)


def _path(points: Sequence[Point], right: float, top: float) -> str:
    parts, pen = [], "M"
    for x, y in points:
        if y is None:
            pen = "M"
            continue
        parts.append(f"{pen}{_x(x, right):.1f},{_y(y, top):.1f}")
        pen = "L"
    return " ".join(parts)


def _axes(right: float, top: float, along: str) -> str:
    marks = []
    for part in (0.0, 0.25, 0.5, 0.75, 1.0):
        y, x = _y(top * part, top), _x(right * part, right)
        marks.append(f'<path d="M{LEFT},{y:.1f} H{WIDTH - RIGHT}" stroke="#ddd"/>')
        marks.append(f'<text x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{_number(top * part)}</text>')
        marks.append(f'<text x="{x:.1f}" y="{HEIGHT - 8}" text-anchor="middle">{right * part:.0f} {along}</text>')
    return "".join(marks)


def _number(value: float) -> str:
    return f"{value:.0f}" if value >= 10 or value == 0 else f"{value:.2g}"
