"""The export of a person: everything that is kept of them, kind by kind, while memory holds one page of it."""

from collections.abc import AsyncIterator, Sequence

from msgspec import Struct

from ion_mentoring.mentoring.privacy.kinds import PersonalKind


class ExportUser(Struct, frozen=True):
    """The use case, over the same kinds as an erasure."""

    kinds: Sequence[PersonalKind]

    async def __call__(self, owners: Sequence[str]) -> AsyncIterator[tuple[str, object]]:
        """The values that are kept of owners, each with the name of its kind; StoreUnavailable where one cannot be read."""
        for kind in self.kinds:
            for owner in owners:
                async for value in kind.read(owner):
                    yield kind.name, value
