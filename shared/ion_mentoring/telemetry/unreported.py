"""No error tracker: what happened stands in the log alone."""


class Unreported:
    """Takes errors and keeps none."""

    async def capture(self, error: Exception) -> None:
        """Nothing to do."""
