"""No error tracker: what happened stands in the log alone."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Unreported:
    """Takes errors and keeps none."""

    async def capture(self, error: Exception) -> None:
        """Nothing to do."""

    def due(self) -> bool:
        """Never: there is nothing to send."""
        return False

    async def flush(self) -> None:
        """Nothing to do."""

    @asynccontextmanager
    async def job(self, name: str, schedule: str) -> AsyncIterator[None]:
        """A job that nobody watches."""
        yield
