"""Batches and their results as callers see them."""

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NotRequired

from pydantic_core import to_json
from typing_extensions import TypedDict

from ion_mentoring.handlers.web.responses import timestamp
from ion_mentoring.mentoring.batching.progress import Progress, Row
from ion_mentoring.records.batches.submissions import Batch

CSV_COLUMNS: Final = (
    *(
        "item_id",
        "state",
        "reason",
        "look_first",
        "content",
        "persona_used",
        "resonance_key",
        "confidence",
        "language",
        "model",
    ),
    *("safety", "care", "input_tokens", "output_tokens", "answered_at"),
)
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # a spreadsheet would compute what begins so


class BatchCounts(TypedDict):
    """The items of a batch by state; `look_first` counts answers that a person should look at first."""

    pending: int
    answered: int
    failed: int
    cancelled: int
    look_first: int


class WebhookView(TypedDict):
    """The webhook of a batch: whether it has been called, and why not. `secrets` are shown when the batch is handed in."""

    url: str
    told: bool
    tries: int
    failure: str | None
    secrets: NotRequired[list[str]]


class BatchView(TypedDict):
    """A batch: running, completed or cancelled. `left_s` is an estimate, null where nothing can be said yet."""

    id: str
    name: str | None
    state: str
    total: int
    counts: NotRequired[BatchCounts]
    left_s: NotRequired[float | None]
    round: int
    created_at: str
    started_at: NotRequired[str | None]
    finished_at: str | None
    expires_at: str
    webhook: NotRequired[WebhookView]


class BatchAnswer(TypedDict):
    """One batch, as the answer to a call."""

    success: bool
    batch: BatchView
    request_id: str
    timestamp: str


class BatchesAnswer(TypedDict):
    """The caller's batches, newest first, without their counts."""

    success: bool
    batches: list[BatchView]
    request_id: str
    timestamp: str


class ItemView(TypedDict):
    """One item in the results: pending, answered, failed or cancelled."""

    place: int
    item_id: str
    state: str
    reason: str | None
    look_first: bool
    answer: dict[str, Any] | None
    answered_at: str | None


class ResultsAnswer(TypedDict):
    """A page of results in the order of the items; `next_cursor` leads to the next one, null at the end.

    `complete` is true once nothing in the batch is pending.
    """

    success: bool
    batch_id: str
    state: str
    complete: bool
    results: list[ItemView]
    next_cursor: str | None
    request_id: str
    timestamp: str


def batch_view(batch: Batch, progress: Progress | None = None, secrets: Sequence[str] = ()) -> BatchView:
    """A batch, with its counts where they were read."""
    view: BatchView = {
        "id": batch.id,
        "name": batch.name,
        "state": batch.state,
        "total": batch.total,
        "round": batch.round,
        "created_at": timestamp(batch.created_at),
        "finished_at": _time(batch.ended_at),
        "expires_at": timestamp(batch.expires_at),
    }
    if progress:
        counts = progress.counts
        view["counts"] = {
            "pending": progress.pending,
            "answered": counts.answered,
            "failed": counts.failed,
            "cancelled": progress.cancelled,
            "look_first": counts.look_first,
        }
        view["left_s"], view["started_at"] = progress.left_s, _time(counts.began_at)
    if batch.webhook:
        view["webhook"] = _webhook_view(batch, secrets)
    return view


def _webhook_view(batch: Batch, secrets: Sequence[str]) -> WebhookView:
    notice = batch.notice
    view: WebhookView = {
        "url": batch.webhook or "",
        "told": bool(notice and notice.told and not notice.failure),
        "tries": notice.tries if notice else 0,
        "failure": notice.failure if notice else None,
    }
    if secrets:
        view["secrets"] = list(secrets)
    return view


def item_view(row: Row) -> ItemView:
    """One item."""
    result = row.result
    return {
        "place": row.place,
        "item_id": row.item_id,
        "state": row.state,
        "reason": result.reason if result else None,
        "look_first": bool(result and result.look_first),
        "answer": dict(result.answer) if result and result.answer is not None else None,
        "answered_at": timestamp(result.at) if result else None,
    }


def ndjson_lines(rows: Sequence[Row]) -> bytes:
    """Items as NDJSON."""
    return b"".join(to_json(item_view(row)) + b"\n" for row in rows)


def csv_lines(rows: Sequence[Row], *, head: bool) -> bytes:
    """Items as CSV that a spreadsheet opens and does not compute."""
    written = io.StringIO()
    writer = csv.writer(written)
    if head:
        writer.writerow(CSV_COLUMNS)
    writer.writerows([_safe(cell) for cell in _cells(item_view(row))] for row in rows)
    return written.getvalue().encode("utf-8", "replace")


def _cells(item: ItemView) -> tuple[Any, ...]:
    answer: Mapping[str, Any] = item["answer"] or {}
    about: Mapping[str, Any] = answer.get("metadata") or {}
    usage: Mapping[str, Any] = about.get("usage") or {}
    return (
        *(item["item_id"], item["state"], item["reason"], "yes" if item["look_first"] else ""),
        *(answer.get(name) for name in ("content", "persona_used", "resonance_key", "confidence")),
        *(about.get(name) for name in ("language", "model", "safety", "care")),
        *(usage.get(name) for name in ("input_tokens", "output_tokens")),
        item["answered_at"],
    )


def _safe(cell: Any) -> Any:
    """A cell whose text begins as a formula does is quoted for spreadsheets, as OWASP has it."""
    if not isinstance(cell, str):
        return "" if cell is None else cell
    text = cell.replace("\0", "")
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA) else text


def _time(at: datetime | None) -> str | None:
    return timestamp(at) if at else None
