"""A stand-in vendor's model that has to be loaded, on a clock that a test ticks."""

import asyncio


class Loading:
    """Loads while somebody waits for it, and begins anew when the last who waited has left: `given_up` counts that."""

    def __init__(self, takes_s: float = 26) -> None:
        self.given_up = 0
        self.waiting = 0
        self._takes_s = takes_s
        self._spent_s = 0.0
        self._done = asyncio.Event()
        self._came: asyncio.Queue[None] = asyncio.Queue()

    async def loaded(self) -> None:
        """Waits until the model is loaded."""
        self.waiting += 1
        self._came.put_nowait(None)
        try:
            await self._done.wait()
        finally:
            self.waiting -= 1
            if not self.waiting and not self._done.is_set():
                self.given_up, self._spent_s = self.given_up + 1, 0.0

    async def asked(self) -> None:
        """Waits until one more is waiting."""
        await self._came.get()

    def tick(self, seconds: float) -> None:
        """Lets time pass."""
        if self.waiting:
            self._spent_s += seconds
        if self._spent_s >= self._takes_s:
            self._done.set()
