"""Items as CSV (RFC 4180): columns by name in any order, separated by commas, semicolons or tabs."""

import csv
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any, Final

from ion_mentoring.errors import InvalidInput, ValidationFailed
from ion_mentoring.handlers.contract.batches.records import LONGEST, TOO_LONG, Fault, Read, Record, lines

COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "id": ("item_id",),
    "item_id": ("item_id",),
    "text": ("user_input",),
    "user_input": ("user_input",),
    "user": ("context", "user_id"),
    "user_id": ("context", "user_id"),
    "session": ("context", "session_id"),
    "session_id": ("context", "session_id"),
    "country": ("context", "country"),
    "persona": ("persona",),
    "key": ("resonance_key",),
    "resonance_key": ("resonance_key",),
    "language": ("language",),
}
SEPARATORS: Final = ",;\t"


async def csv_items(text: AsyncIterator[str]) -> Read:
    """The items; ValidationFailed where the first line has no column `text`, or one twice. Unknown columns are left alone."""
    columns: list[tuple[str, ...] | None] | None = None
    separator = ","
    async for number, row in _rows(text):
        if isinstance(row, Fault):
            yield row
        elif columns is None:
            separator = separator_of(row)
            columns = _columns(_cells(row, separator) or [])
        elif row.strip():
            yield _item(number, row, separator, columns)
    if columns is None:
        raise InvalidInput("empty", details={"rule": "the first line names the columns; one of them is text"})


def separator_of(names: str) -> str:
    """The separator that stands most often between the names of columns."""
    return max(SEPARATORS, key=names.count)


def _item(number: int, row: str, separator: str, columns: Sequence[tuple[str, ...] | None]) -> Record | Fault:
    cells = _cells(row, separator)
    if cells is None:
        return Fault(number, "", "has a quote in the wrong place")
    if len(cells) > len(columns):
        return Fault(number, "", f"has {len(cells)} cells for {len(columns)} columns")
    if "\0" in row:
        return Fault(number, "", "has a NUL character")
    sent: dict[str, Any] = {}
    for path, cell in zip(columns, cells, strict=False):
        if path and cell.strip():
            inner = sent if len(path) == 1 else sent.setdefault(path[0], {})
            inner[path[-1]] = cell if path[-1] == "user_input" else cell.strip()
    return Record(number, sent)


def _columns(names: Sequence[str]) -> list[tuple[str, ...] | None]:
    paths = [COLUMNS.get(name.strip().lower()) for name in names]
    twice = [path for path in paths if path and paths.count(path) > 1]
    if ("user_input",) not in paths or twice:
        field = twice[0][-1] if twice else "text"
        rule = "is there twice" if twice else "the first line names the columns; one of them is text"
        raise ValidationFailed("columns", field=field, details={"rule": rule, "allowed": sorted(COLUMNS)})
    return paths


def _cells(row: str, separator: str) -> list[str] | None:
    try:
        return next(csv.reader([row], delimiter=separator, strict=True), [])
    except csv.Error:
        return None


async def _rows(text: AsyncIterator[str]) -> AsyncIterator[tuple[int, str | Fault]]:
    """The rows with the number of their first line: a line end between quotes is part of its cell."""
    begun, first, quoted, size, separators = [""], 0, False, 0, SEPARATORS
    async for number, line in lines(text):
        if not quoted:
            begun, first, size = [], number, 0
        if line is None or size > LONGEST:
            yield first, Fault(first, "", _unclosed(first) if quoted else TOO_LONG)
            quoted, line = False, None
            continue
        begun.append(line)
        size += len(line)
        quoted = _ends_quoted(line, separators, quoted=quoted)
        if not quoted:
            row = "\n".join(begun)
            separators = separators if len(separators) == 1 else separator_of(row)
            yield first, row
    if quoted:
        yield first, Fault(first, "", _unclosed(first))


def _ends_quoted(line: str, separators: str, *, quoted: bool) -> bool:
    """True if a cell is open between quotes at the end of a line. Elsewhere than at a cell's beginning, a quote opens none."""
    place, closed_at = 0, -2
    while (place := line.find('"', place)) >= 0:
        if quoted:
            quoted, closed_at = False, place
        elif place == 0 or line[place - 1] in separators or closed_at == place - 1:  # the last one is a doubled quote
            quoted = True
        place += 1
    return quoted


def _unclosed(line: int) -> str:
    return f"has a quote that opens on line {line} and never closes"
