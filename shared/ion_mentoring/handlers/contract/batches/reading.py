"""The body of a batch, in each of the forms that are taken."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Any, Final

from pydantic import Field

from ion_mentoring.errors import UnsupportedMediaType
from ion_mentoring.handlers.contract.batches.csv_items import csv_items
from ion_mentoring.handlers.contract.batches.decoding import decoded
from ion_mentoring.handlers.contract.batches.items import Check, CheckedItems
from ion_mentoring.handlers.contract.batches.json_items import JsonItems
from ion_mentoring.handlers.contract.batches.ndjson import ndjson
from ion_mentoring.handlers.contract.requests import ProcessRequest
from ion_mentoring.handlers.web.bodies import Body
from ion_mentoring.handlers.web.upload import Upload
from ion_mentoring.handlers.web.validation import check
from ion_mentoring.records.batches.submissions import SubmittedItem

JSON: Final = "application/json"
NDJSON: Final = "application/x-ndjson"
CSV: Final = "text/csv"
LONGEST: Final = timedelta(days=30)  # that a batch is kept
FORMS: Final = {JSON: JSON, NDJSON: NDJSON, "application/ndjson": NDJSON, "application/jsonl": NDJSON, CSV: CSV}


class BatchOptions(Body):
    """The choices of whoever hands in a batch: members of the JSON body, or parameters in the query string."""

    name: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    webhook_url: Annotated[str, Field(max_length=2_000, pattern=r"^https?://[^\s]+$")] | None = None
    retention_days: Annotated[int, Field(ge=1, le=LONGEST.days)] = LONGEST.days

    @property
    def keep(self) -> timedelta:
        """The time for which the batch is kept."""
        return timedelta(days=self.retention_days)


class BatchItem(ProcessRequest):
    """One question of a batch; `item_id` is its place where it is not said, and occurs once."""

    item_id: Annotated[str, Field(min_length=1, max_length=128)] | int | None = None


class BatchRequest(BatchOptions):
    """A batch: 1 to 10,000 questions."""

    requests: Annotated[list[BatchItem], Field(min_length=1, max_length=10_000)]


async def read_batch(upload: Upload, query: Mapping[str, str], wanted: Check) -> tuple[tuple[SubmittedItem, ...], BatchOptions]:
    """The items and options of a body, in the form that its media type says."""
    form = FORMS.get(upload.media_type)
    if form is None:
        raise UnsupportedMediaType("content type", details={"expected": [JSON, NDJSON, CSV]})
    text, items = decoded(upload.pieces()), CheckedItems(wanted)
    if form == JSON:
        body = JsonItems(text)
        return await items.read(aiter(body)), check(BatchOptions, body.options)
    options = check(BatchOptions, _numbers(query))
    return await items.read(ndjson(text) if form == NDJSON else csv_items(text)), options


def _numbers(query: Mapping[str, str]) -> dict[str, Any]:
    """Parameters with numbers as numbers: in a query string everything is text."""
    return {name: int(value) if name == "retention_days" and _is_number(value) else value for name, value in query.items()}


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 5
