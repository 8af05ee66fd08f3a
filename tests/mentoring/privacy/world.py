"""A set's stores with something of two people in every one of them."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from ion_mentoring.mentoring.batching.lanes import planned
from ion_mentoring.mentoring.privacy.erase_user import EraseUser
from ion_mentoring.records.batches.results import ItemResult
from ion_mentoring.records.batches.submissions import Batch, Owner, SubmittedItem
from ion_mentoring.records.conversations.protocol import ConversationId, Turn
from ion_mentoring.records.experiments.protocol import Exposed
from ion_mentoring.records.feedback.protocol import Rating
from ion_mentoring.records.profiles.protocol import Tally
from ion_mentoring.telemetry.events import EventLog
from ion_mentoring.wiring.privacy import erase_user
from ion_mentoring.wiring.stores import Stores, stores

NOW = datetime.now(UTC)
KIM, LEE = "key:web/kim-마크", "key:web/lee"
WEB = Owner("default", "key:web", ("service",))
BATCH = f"batch_{'b' * 26}"
MARK = "비밀-MARK"


@dataclass
class World:
    """A set's stores, what its caches were told, and its log."""

    setting: str
    kept: Stores
    told: list[str]
    lines: list[str]

    async def fill(self, owner: str, place: int) -> None:
        """Leaves something of an owner everywhere."""
        for number in range(3):
            said = (Turn("user", f"{MARK} {owner}", NOW), Turn("assistant", MARK, NOW))
            await self.kept.conversations.append(ConversationId(owner, f"s-{number}"), said, entry_id="e")
        bill = {"caller": owner}
        own: Any = {"key": f"{place:05}", "owner": owner, "bill": bill}
        await self.kept.batches.store(ItemResult(BATCH, f"{MARK}-{owner}", "answered", {"content": MARK}, None, NOW, **own))
        await self.kept.batches.store(ItemResult(f"{owner}-b", owner, "failed", None, MARK, NOW, owner=owner))
        await self.kept.ratings.put(owner, Rating("r-1", NOW, "up"))
        await self.kept.exposures.see(owner, Exposed("one", 1, "usual", NOW))
        await self.kept.profiles.learn(owner, {("calm", "lua"): Tally(1.0, 1.0)}, 1, NOW)

    async def batch(self) -> None:
        items = [SubmittedItem(n, f"{MARK}-{n}", {"user_input": MARK}, owner) for n, owner in enumerate((KIM, LEE, KIM), 1)]
        chunks, lanes = planned(items, NOW, at_most=1)
        await self.kept.submissions.create(Batch(BATCH, WEB, 3, NOW, NOW + timedelta(days=30)), chunks, lanes)

    def erase(self, kept: Stores | None = None, forget: Callable[[str], Awaitable[None]] | None = None) -> EraseUser:
        async def told(owner: str) -> None:
            self.told.append(owner)

        return erase_user(kept or self.kept, forget or told, EventLog("test", self.lines.append))

    async def left(self, owner: str, place: int) -> dict[str, Any]:
        """What can still be read of an owner, by a fresh instance."""
        kept = stores(self.setting) if ":memory:" not in self.setting else self.kept
        chunk = await kept.submissions.chunk(BATCH, "0-0", 0)
        assert chunk is not None
        return {
            "sessions": len(await kept.conversations.sessions(owner, 9)),
            "turns": len(await kept.conversations.recent(ConversationId(owner, "s-0"), 9)),
            "item": chunk.items[place - 1].request,
            "result": (await kept.batches.page(BATCH, f"{place:05}", f"{place:05}"))[0].reason,
            "ratings": len(await kept.ratings.of(owner)),
            "met": len((await kept.exposures.own(owner, "")).values),
            "profile": await kept.profiles.get(owner) is not None,
        }
