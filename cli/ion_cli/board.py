"""The live board of `ion status --watch`: what an operator looks at first stands at the top."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from ion_cli import board_sections as about
from ion_cli.board_sections import BROKEN, Figures, Row, Section
from ion_cli.printable import printable_line
from ion_cli.progress import duration
from ion_cli.texts import text

if TYPE_CHECKING:
    from rich.console import Group
    from rich.table import Table

STATES: Final = {
    "healthy": ("board.well", "bold green"),
    "degraded": ("board.degraded", "bold yellow"),
    "unhealthy": ("board.unhealthy", BROKEN),
    "unreachable": ("board.unreachable", BROKEN),
}
COLUMNS: Final = ("time", "status", "version", "hit_rate", "answers_s", "p95_ms", "alerts", "failing")  # of a line in a log
DAY_S: Final = 86_400


def headline(found: Figures) -> Row:
    """The state of the set, and which instance of it was seen."""
    name, style = STATES.get(str(found["status"]), (None, BROKEN))
    up = found.get("uptime_s")
    facts = (found.get("version"), found.get("region"), found.get("model"), up and text("board.up", time=_long(up)))
    state = text(name) if name else found["status"]
    return Row((state, found["url"], *(one for one in (*facts, found.get("message")) if one)), style)


def sections(found: Figures) -> Iterator[Section]:
    """The board below its headline, as far as the set says something."""
    dependencies, traffic, failing = found.get("dependencies"), found.get("traffic"), found.get("failing") or {}
    if dependencies is None:
        return
    if traffic:
        yield about.alerts(found["alerts"])
        yield about.answers(traffic, found.get("cache") or {})
    yield about.personas(dependencies, traffic or {}, failing.get("personas", {}))
    yield about.models(dependencies, traffic or {}, failing.get("models", {}))
    if traffic:
        yield about.month(found["cost"])
        yield about.batches(found["batches"])
    yield about.parts(dependencies, failing.get("parts", {}))
    if not traffic and "code" not in found:
        yield Section("", [Row((text("board.operators"),), "dim")])


def brief(found: Figures) -> tuple[object, ...]:
    """The end of a line in a log: answers a second, P95, what rings, and what fails and why; empty for other callers."""
    traffic = found.get("traffic")
    if not traffic:
        return ()
    failing = found.get("failing") or {}
    reasons = [f"{name}: {one['reason'] or '-'}" for parts in failing.values() for name, one in parts.items()]
    alerts = " ".join(one["name"] for one in found["alerts"]) or "-"
    return about.a_second(traffic), about.ms(traffic["p95_ms"]), alerts, "; ".join(reasons) or "-"


def drawn(found: Figures) -> "Group":
    """The board for a terminal."""
    from rich.console import Group
    from rich.text import Text

    head = headline(found)
    shown = Text.assemble((printable_line(head.cells[0]), head.style), "  ", "  ".join(map(printable_line, head.cells[1:])))
    body = [(Text(""), Text(section.title, style="bold cyan"), _table(section)) for section in sections(found)]
    return Group(shown, *(part for parts in body for part in parts))


def _table(section: Section) -> "Table":
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="dim", show_header=bool(section.heads), padding=(0, 2, 0, 0))
    for place, name in enumerate(section.heads or ("",) * max(len(row.cells) for row in section.rows)):
        table.add_column(name, overflow="fold", no_wrap=place == section.whole)
    for row in section.rows:
        table.add_row(*(Text(printable_line(cell), style=row.style) for cell in row.cells))
    return table


def _long(seconds: float) -> str:
    return text("board.days", count=int(seconds // DAY_S)) if seconds > 2 * DAY_S else duration(seconds)
