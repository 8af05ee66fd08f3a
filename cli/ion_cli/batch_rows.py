"""Batches and their results in rows, as a person or a script reads them."""

from typing import Any, Final

from ion_cli.batches import Batch
from ion_cli.printable import printable_line
from ion_cli.progress import told
from ion_cli.screen import Screen
from ion_cli.texts import text

LONGEST: Final = 100  # characters of an answer in a table


def tell(screen: Screen, batch: Batch, alone: str | None = None) -> None:
    """Show a batch: all of it, or in a pipe what stands alone for it."""
    if screen.json:
        screen.value({"success": True, "batch": batch})
    elif alone and not screen.live:
        screen.say(alone)
    else:
        fields = ("id", "name", "state", "total", "created_at", "started_at", "finished_at", "expires_at")
        rows = [(field, batch[field]) for field in fields if batch.get(field) is not None]
        rows += [(f"counts.{name}", count) for name, count in batch["counts"].items()]
        if screen.live and (words := told(batch)):
            rows.append(("", words))
        screen.table((text("head.figure"), text("head.value")), rows)


def batch_row(batch: Batch) -> list[object]:
    """The row of a batch in a list."""
    fields = ("id", "name", "state", "total", "created_at", "finished_at")
    return ["-" if batch.get(field) is None else batch[field] for field in fields]


def result_row(item: dict[str, Any]) -> tuple[object, ...]:
    """The row of a result. What a person should look at first is shown as it is, the rest shortened."""
    content = printable_line((item["answer"] or {}).get("content") or item["reason"] or "")
    if len(content) > LONGEST and not item["look_first"]:
        content = f"{content[:LONGEST]}…"
    return item["item_id"], item["state"], "!" if item["look_first"] else "", content
