"""Chosen variants in Firestore: the collection `flags`, whose documents do not end by themselves."""

from typing import Final

from ion_mentoring.backends.firestore import Added, Documents
from ion_mentoring.records.flags.protocol import FlagChoice

COLLECTION: Final = "flags"


class FirestoreFlagChoices:
    """One document a flag and tenant."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    async def put(self, choice: FlagChoice) -> None:
        """Keeps a choice."""
        fields = {
            "flag": choice.flag,
            "tenant": choice.tenant,
            "variant": choice.variant,
            "chosen_at": choice.chosen_at,
        }
        await self._documents.commit([Added(COLLECTION, _name(choice.flag, choice.tenant), {}, fields)])

    async def remove(self, flag: str, tenant: str | None) -> None:
        """Deletes a choice."""
        await self._documents.delete(COLLECTION, _name(flag, tenant))

    async def all(self) -> tuple[FlagChoice, ...]:
        """All choices."""
        return tuple(
            FlagChoice(found["flag"], found["tenant"], found["variant"], found["chosen_at"])
            for found in await self._documents.all(COLLECTION)
        )


def _name(flag: str, tenant: str | None) -> str:
    return f"{flag}@{tenant}" if tenant else flag
