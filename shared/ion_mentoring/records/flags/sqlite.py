"""Chosen variants in SQLite."""

from datetime import datetime
from typing import Final

from ion_mentoring.backends.sqlite import Database, sortable
from ion_mentoring.records.flags.protocol import FlagChoice

MIGRATIONS: Final = (
    """
    CREATE TABLE flags (
        flag TEXT NOT NULL, tenant TEXT NOT NULL, variant TEXT NOT NULL, chosen_at TEXT NOT NULL, PRIMARY KEY (flag, tenant)
    ) WITHOUT ROWID;
    """,
)

ALL: Final = ""  # in the place of a tenant


class SqliteFlagChoices:
    """Choices in the table `flags`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(self, choice: FlagChoice) -> None:
        """Keeps a choice."""
        row = (choice.flag, choice.tenant or ALL, choice.variant, sortable(choice.chosen_at))
        await self._database.write("INSERT OR REPLACE INTO flags VALUES (?, ?, ?, ?)", [row])

    async def remove(self, flag: str, tenant: str | None) -> None:
        """Deletes a choice."""
        await self._database.write("DELETE FROM flags WHERE flag = ? AND tenant = ?", [(flag, tenant or ALL)])

    async def all(self) -> tuple[FlagChoice, ...]:
        """All choices."""
        rows = await self._database.read("SELECT flag, tenant, variant, chosen_at FROM flags")
        return tuple(
            FlagChoice(flag, tenant or None, variant, datetime.fromisoformat(at)) for flag, tenant, variant, at in rows
        )
