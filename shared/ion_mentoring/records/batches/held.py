"""The part of one person in batches of others: items as they were handed in, and their results, opened."""

import json
from datetime import datetime
from typing import TYPE_CHECKING

from ion_mentoring.records.batches.codec import decode_items
from ion_mentoring.records.batches.results import HeldResult
from ion_mentoring.records.batches.submissions import HeldItem
from ion_mentoring.records.batches.words import StoredResult
from ion_mentoring.sealing.form import holder_of

if TYPE_CHECKING:
    from ion_mentoring.sealing.words import UserKeys


def held_items(keys: "UserKeys", batch: str, items: str, expires_at: datetime) -> tuple[HeldItem, ...]:
    """The holder's own of a chunk's items."""
    sealed = [one for one in json.loads(items) if holder_of(one.get("sealed", "")) == keys.holder]
    texts = (text for one in sealed if (text := keys.open(one["sealed"], batch, str(one["place"]), "item")) is not None)
    opened = (decode_items(f"[{text}]")[0] for text in texts)
    return tuple(HeldItem(batch, item.place, item.item_id, item.request, expires_at) for item in opened)


def held_result(keys: "UserKeys", one: StoredResult) -> HeldResult | None:
    """A result of the holder's; None where it does not open."""
    text = keys.open(one.words or "", one.batch, one.item, "result")
    if text is None:
        return None
    said = json.loads(text)
    return HeldResult(one.batch, said["item_id"], one.state, said["answer"], said["reason"], one.at, one.expires_at)
