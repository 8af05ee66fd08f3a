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
HEAD: Final = 44  # above each plot of a picture
COLOURS: Final = ("#0b62c4", "#c44a0b", "#2f7d32", "#7a3db8")
Point = tuple[float, float | None]


def lines(title: str, series: Mapping[str, Sequence[Point]], along: str = "s") -> str:
    """A plot of values, by default over seconds; where a value is None, its line has a gap."""
    every = [(x, y) for points in series.values() for x, y in points if y is not None]
    if not every:
        return _figure(title, "<p>nothing was measured</p>")
    right, top = max(x for x, _ in every) or 1.0, max(y for _, y in every) * 1.05 or 1.0
    drawn = _axes(right, top, along) + _lines(series, right, top)
    svg = f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(title)}">{drawn}</svg>'
    return _figure(title, svg + _legend(list(series)))


def picture(panels: Mapping[str, tuple[Mapping[str, Sequence[Point]], str]]) -> str:
    """Several plots below each other as one SVG file: a title, its lines, and what is along its axis."""
    drawn = [_panel(place * (HEIGHT + HEAD), title, *panel) for place, (title, panel) in enumerate(panels.items())]
    height = len(panels) * (HEIGHT + HEAD)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" font-family="sans-serif" font-size="11">'
        f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>{"".join(drawn)}</svg>\n'
    )


def _panel(down: int, title: str, series: Mapping[str, Sequence[Point]], along: str) -> str:
    points = [(x, y) for one in series.values() for x, y in one if y is not None]
    right, top = max(x for x, _ in points), max(y for _, y in points) * 1.05
    marks = "".join(
        f'<text x="{LEFT + 120 * place}" y="-6" fill="{COLOURS[place % len(COLOURS)]}">■ {escape(name)}</text>'
        for place, name in enumerate(series)
    )
    head = f'<text x="{LEFT}" y="-24" font-size="14" font-weight="600">{escape(title)}</text>'
    return f'<g transform="translate(0,{down + HEAD})">{head}{marks}{_axes(right, top, along)}{_lines(series, right, top)}</g>'


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


def _lines(series: Mapping[str, Sequence[Point]], right: float, top: float) -> str:
    return "".join(
        f'<path d="{_path(points, right, top)}" fill="none" stroke="{COLOURS[place % len(COLOURS)]}" stroke-width="1.5"/>'
        for place, points in enumerate(series.values())
    )


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
