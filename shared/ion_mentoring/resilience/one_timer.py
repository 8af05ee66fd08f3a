"""One timer of a loop for all who wait equally long, however many there are and however often each begins anew."""

import asyncio
from weakref import WeakKeyDictionary


class OneTimer:
    """Wakes whoever still waits after `seconds`: who began first is the next, so one timer is enough.

    A timer costs some microseconds each time it is set, and most waits end long before theirs.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._until: dict[asyncio.Future[None], float] = {}
        self._timer: asyncio.TimerHandle | None = None

    async def wait(self, future: "asyncio.Future[None]") -> None:
        """Waits for a future, which is done after `seconds` at the latest."""
        loop = asyncio.get_running_loop()
        self._until[future] = loop.time() + self._seconds
        if self._timer is None:
            self._timer = loop.call_later(self._seconds, self._ring)
        try:
            await future
        finally:
            self._until.pop(future, None)

    def rest(self) -> None:
        """Gives the timer back where nobody waits."""
        if self._timer is not None and not self._until:
            self._timer.cancel()
            self._timer = None

    def _ring(self) -> None:
        """Wakes those whose time is over, and is set for the next one."""
        loop = asyncio.get_running_loop()
        now, self._timer = loop.time(), None
        while self._until:
            future, until = next(iter(self._until.items()))
            if until > now:
                self._timer = loop.call_at(until, self._ring)
                return
            del self._until[future]
            if not future.done():
                future.set_result(None)


_OF_LOOPS: "WeakKeyDictionary[asyncio.AbstractEventLoop, dict[float, OneTimer]]" = WeakKeyDictionary()


def one_timer(seconds: float) -> OneTimer:
    """The running loop's own for waits of so many seconds."""
    timers = _OF_LOOPS.setdefault(asyncio.get_running_loop(), {})
    return timers.setdefault(seconds, OneTimer(seconds))
