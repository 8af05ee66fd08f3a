"""Items as NDJSON: one JSON object a line; empty lines are none."""

from collections.abc import AsyncIterator

from ion_mentoring.errors import InvalidJson
from ion_mentoring.handlers.contract.batches.records import TOO_LONG, Fault, Read, Record, lines
from ion_mentoring.handlers.web.validation import read


async def ndjson(text: AsyncIterator[str]) -> Read:
    """The items."""
    async for number, line in lines(text):
        if line is None:
            yield Fault(number, "", TOO_LONG)
        elif line.strip():
            yield json_record(number, line)


def json_record(line: int, text: str) -> Record | Fault:
    """An item from its JSON."""
    try:
        return Record(line, read(text.encode("utf-8", "surrogatepass")))
    except InvalidJson:
        return Fault(line, "", "is not valid JSON")
