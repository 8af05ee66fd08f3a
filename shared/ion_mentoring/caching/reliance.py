"""The reliance on what an instance has read from a store: until an invalidation tells that it changed, or until it is too old.

Invalidations of this region travel with every read of L2. Where there is no L2, or it is away, what was read counts for the
declared time; another region's changes are in no order of ours, so nothing counts for longer than `FAR_S`.
"""

from collections.abc import Awaitable, Callable
from typing import Final

from msgspec import Struct

from ion_mentoring.caching.entry import Epoch
from ion_mentoring.caching.epochs import Epochs

FAR_S: Final = 60.0  # so long may another region's change take

Verify = Callable[[], Awaitable[bool]]


class Reading(Struct):
    """The time of a reading (Unix seconds), and the epoch under which it began."""

    at: float
    epoch: Epoch


class Reliance(Struct, frozen=True):
    """Tells whether a reading may be relied on. `pattern` is that of its invalidations, `verify` brings their order from L2
    (None without L2), `max_unverified_s` is the declared time, `now` wall-clock time in seconds.
    """

    epochs: Epochs
    verify: Verify | None
    pattern: str
    max_unverified_s: float
    now: Callable[[], float]

    def begun(self) -> Reading:
        """A reading that begins now; made before the store is asked, since what changes meanwhile makes it void."""
        return Reading(self.now(), self.epochs.current)

    def age(self, reading: Reading) -> float:
        """The seconds since a reading."""
        return self.now() - reading.at

    @property
    def longest_s(self) -> float:
        """The seconds for which a reading counts at most, by what is known of invalidations now."""
        return FAR_S if self.verify is not None and self.epochs.verified else self.max_unverified_s

    def holds(self, reading: Reading) -> bool:
        """True while a reading counts; one that outlived invalidations of others is put on their epoch."""
        if not 0 <= self.age(reading) <= self.longest_s:
            return False
        if reading.epoch is not self.epochs.current:
            if not self.epochs.holds(reading.epoch, self.pattern):
                return False
            reading.epoch = self.epochs.current
        return True

    async def asked(self) -> None:
        """Brings the order of invalidations, if it is not known and can be had."""
        if self.verify and not self.epochs.verified:
            await self.verify()
