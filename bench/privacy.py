"""The price of privacy: sealing and opening, masking, a session, and export and erasure of somebody who wrote very much.

    python -m bench.privacy

Before and after are measured in turn in one run, on SQLite in a file: what is plain is the same store without seals.
"""

import asyncio
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from statistics import median
from typing import Final

from ion_mentoring.masking.mask import masked
from ion_mentoring.mentoring.batching.lanes import planned
from ion_mentoring.records.batches.results import ItemResult
from ion_mentoring.records.batches.submissions import Batch, Owner, SubmittedItem
from ion_mentoring.records.conversations.protocol import ConversationId, Turn
from ion_mentoring.records.conversations.stored import StoredTurn
from ion_mentoring.sealing.pseudonyms import Pseudonyms
from ion_mentoring.sealing.words import UserKeys
from ion_mentoring.telemetry.events import EventLog
from ion_mentoring.wiring.privacy import erase_user, export_user
from ion_mentoring.wiring.stores import Stores, stores

OWNER: Final = "key:web/kim"
TEXT: Final = "I feel stuck, since my lead ignores what I say in meetings. " * 25  # 1.5 KiB
TURNS, BATCHES, ITEMS = 10_000, 100, 10
REPEATS: Final = 300


def sealing_us() -> tuple[float, float]:
    """Microseconds of sealing and of opening a text."""
    keys = UserKeys.drawn("ab" * 18)
    sealed = keys.seal(TEXT, "turns", "entry", "0", "content")
    began = time.process_time()
    for _ in range(5_000):
        keys.seal(TEXT, "turns", "entry", "0", "content")
    middle = time.process_time()
    for _ in range(5_000):
        keys.open(sealed, "turns", "entry", "0", "content")
    return (middle - began) * 200, (time.process_time() - middle) * 200


def masking_us() -> dict[str, float]:
    """Microseconds of masking, and of what the log pays for an answer's caller."""
    names = Pseudonyms(b"s" * 32, time.time)
    long_text = TEXT.replace(".", ", call 010-2938-4756.", 1)
    work: dict[str, Callable[[], object]] = {
        "a word of ours (nothing to look for)": partial(masked, "seek_advice"),
        "a sentence with a phone number": partial(masked, "my number is 010-2938-4756, call me at 9"),
        "1.5 KiB with a phone number": partial(masked, long_text),
        "a person's pseudonym (known today)": partial(names, "acme/sub:kim"),
    }
    return {name: min(_each_us(one) for _ in range(5)) for name, one in work.items()}


def _each_us(work: Callable[[], object]) -> float:
    work()  # the patterns are compiled with the first
    began = time.process_time()  # of this process alone, however busy the machine is
    for _ in range(1_000):
        work()
    return (time.process_time() - began) * 1_000


async def export(kept: Stores) -> tuple[int, float]:
    """The bytes of an export, and its seconds."""
    began, size = time.perf_counter(), 0
    async for name, values in export_user(kept)((OWNER,)):
        size += len(name) + len(repr(values))  # about what is written of it
    return size, time.perf_counter() - began


async def timed(work: Callable[[], Awaitable[object]]) -> float:
    """Milliseconds."""
    began = time.perf_counter()
    await work()
    return (time.perf_counter() - began) * 1_000


async def session_ms(kept: Stores) -> dict[str, float]:
    """Medians of a session's read and write, plain and sealed in turn."""
    now = datetime.now(UTC)
    plain, sealed = kept.stored.plain(ConversationId(OWNER, "plain")), ConversationId(OWNER, "sealed")
    took: dict[str, list[float]] = {"read plain": [], "read sealed": [], "write plain": [], "write sealed": []}
    for number in range(REPEATS):
        said, entry = (Turn("user", TEXT, now), Turn("assistant", TEXT, now)), f"e-{number}"
        raw = [StoredTurn(entry, place, turn.role, turn.content, turn.at, sealed=False) for place, turn in enumerate(said)]
        work: dict[str, Callable[[], Awaitable[object]]] = {
            "write plain": partial(kept.stored.append, plain, raw),
            "write sealed": partial(kept.conversations.append, sealed, said, entry_id=entry),
            "read plain": partial(kept.stored.recent, plain.turns, 20),
            "read sealed": partial(kept.conversations.recent, sealed, 20),
        }
        for name in sorted(work, key=lambda name: hash((name, entry))):  # in another order each time
            took[name].append(await timed(work[name]))
    return {name: median(times) for name, times in took.items()}


async def fill(kept: Stores) -> None:
    """Leaves ten thousand turns and a hundred batches of one person."""
    now = datetime.now(UTC)
    for number in range(TURNS // 100):
        said = tuple(Turn("user", TEXT[:300], now) for _ in range(100))
        await kept.conversations.append(ConversationId(OWNER, f"s-{number}"), said, entry_id="e")
    for number in range(BATCHES):
        batch_id = f"batch_{number:026}"
        items = [SubmittedItem(place, str(place), {"user_input": TEXT[:300]}, OWNER) for place in range(1, ITEMS + 1)]
        batch = Batch(batch_id, Owner("default", "key:web"), ITEMS, now, now + timedelta(days=30))
        await kept.submissions.create(batch, *planned(items, now, at_most=1))
        for place in range(1, ITEMS + 1):
            own = ItemResult(batch_id, str(place), "answered", {"content": TEXT[:300]}, None, now, f"{place:05}", owner=OWNER)
            await kept.batches.store(own)


async def nothing_cached(_owner: str) -> None:
    """A cache that has nothing of them."""


async def main() -> int:
    """Prints the table."""
    seal, opened = sealing_us()
    print(f"| sealing 1.5 KiB | {seal:.1f} us |\n| opening it | {opened:.1f} us |")
    for name, took in masking_us().items():
        print(f"| masking: {name} | {took:.2f} us |")
    with tempfile.TemporaryDirectory() as folder:
        kept = stores(f"sqlite:///{Path(folder)}/ion.sqlite3")
        for name, took in (await session_ms(kept)).items():
            print(f"| a session, {name}, median | {took:.2f} ms |")
        await fill(kept)
        size, seconds = await export(kept)
        print(f"| exporting them ({size / 1e6:.1f} MB) | {seconds:.2f} s |")
        erase = erase_user(kept, nothing_cached, EventLog("bench", lambda line: None))
        took = await timed(lambda: erase(OWNER))
        print(
            f"| erasing {TURNS} turns in {TURNS // 100} sessions, {BATCHES} batches of {ITEMS} items | {took / 1_000:.2f} s |"
        )
        erased = await erase.progress(OWNER)
        print(f"| of which went | {dict(erased.erased) if erased else {}} |")
    return 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
