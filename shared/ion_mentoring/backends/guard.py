"""A store behind a breaker: each call is bounded in time, and a store that does not answer is left alone for a while.

Every failure is a StoreUnavailable, and soon: whoever can do without goes on, whoever cannot says so at once.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

from msgspec import Struct

from ion_mentoring.errors import StoreRefused, StoreUnavailable
from ion_mentoring.resilience.breaker import Breaker, Trouble
from ion_mentoring.resilience.deadline import limit_s

FAILURES: Final = 3  # in a row, before it is left alone
REST_S: Final = 5.0  # for so long; then one call finds out, and pays its time limit if it was in vain

Answer = TypeVar("Answer")


class Guard(Struct, frozen=True):
    """Reads or writes of one database."""

    breaker: Breaker

    async def __call__(self, work: Callable[[], Awaitable[Answer]], within_s: float) -> Answer:
        """The result of `work` within `within_s` seconds and the request's time; StoreUnavailable otherwise."""
        if not self.breaker.allows():
            raise StoreUnavailable(f"left alone ({self.breaker.state})", retry_after_s=self.breaker.wait_s)
        granted_s = limit_s(within_s)
        try:
            async with asyncio.timeout(granted_s):
                answer = await work()
        except TimeoutError as error:
            if granted_s >= within_s:  # else it was the request's time that was short, and says nothing of the store
                self.breaker.failed("too late")
            raise StoreUnavailable("too late", retry_after_s=1) from error
        except StoreRefused:
            self.breaker.succeeded()
            raise
        except StoreUnavailable as error:
            self.breaker.failed(str(error))
            raise
        self.breaker.succeeded()
        return answer


class Guards(Struct, frozen=True):
    """One database's guards. Reads and writes have one each, since a database that is locked takes reads and no writes."""

    reading: Guard
    writing: Guard

    def trouble(self) -> Trouble | None:
        """The failures of reads since one was answered, else those of writes; None if there are none."""
        return self.reading.breaker.trouble or self.writing.breaker.trouble

    @staticmethod
    def on(now: Callable[[], float]) -> "Guards":
        """Guards on a clock in seconds."""
        return Guards(_guard(now), _guard(now))


def _guard(now: Callable[[], float]) -> Guard:
    return Guard(Breaker(failures=FAILURES, rest_s=REST_S, now=now))
