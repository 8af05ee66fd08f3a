"""A picture of a trace: a bar a span, with the critical path marked."""

from collections.abc import Iterator
from html import escape
from typing import Final

from ion_cli.traces.critical import path
from ion_cli.traces.spans import Span

WIDTH: Final = 760
LEFT: Final = 250
ROW: Final = 20
STYLE: Final = "text{font:11px sans-serif;fill:#222}.bar{fill:#9db8d9}.critical{fill:#c0392b}.ms{fill:#666}"


def svg(root: Span) -> str:
    """The trace as SVG."""
    rows = list(_rows(root, 0))
    scale = (WIDTH - LEFT - 70) / (root.seconds or 1.0)
    steps = {id(step.span): [] for step in path(root)}  # type: dict[int, list[tuple[float, float]]]
    for step in path(root):
        steps[id(step.span)].append((step.began, step.ended))
    body = "".join(_row(place, depth, span, root, scale, steps.get(id(span), [])) for place, (depth, span) in enumerate(rows))
    height = ROW * (len(rows) + 1)
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}"><style>{STYLE}</style>{body}</svg>\n'


def _rows(span: Span, depth: int) -> Iterator[tuple[int, Span]]:
    yield depth, span
    for child in span.children:
        yield from _rows(child, depth + 1)


def _row(place: int, depth: int, span: Span, root: Span, scale: float, steps: list[tuple[float, float]]) -> str:
    y = ROW * place + 4

    def bar(began: float, ended: float, kind: str) -> str:
        x, width = LEFT + (began - root.began) * scale, max(1.0, (ended - began) * scale)
        return f'<rect class="{kind}" x="{x:.1f}" y="{y}" width="{width:.1f}" height="{ROW - 6}"/>'

    marked = "".join(bar(began, ended, "critical") for began, ended in steps)
    name = f'<text x="{8 + 10 * depth}" y="{y + 11}">{escape(span.title[: 40 - 2 * depth])}</text>'
    end = LEFT + (span.ended - root.began) * scale + 4
    took = f'<text class="ms" x="{end:.1f}" y="{y + 11}">{span.seconds * 1000:,.1f} ms</text>'
    return name + bar(span.began, span.ended, "bar") + marked + took
