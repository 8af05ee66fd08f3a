"""The table of what is kept is what the code keeps to, and what its pages say."""

from datetime import timedelta
from importlib import import_module

import pytest

from infra.tables.pages import made_part
from infra.tables.retention import FILES, table
from ion_mentoring.mentoring.privacy.kept import KeptKind, kept_table, length
from ion_mentoring.wiring.stores import erasures_database, sqlite_database

NOBODYS = {"migrations", "flags", "experiments"}  # tables of which no row is anybody's
KINDS = {kind.id: kind for kind in kept_table().kind}
RULED = [kind for kind in kept_table().kind if kind.rule]


@pytest.mark.parametrize("kind", RULED, ids=lambda kind: kind.id)
def test_the_constant_that_a_kind_names_is_its_time(kind: KeptKind) -> None:
    module, _, name = (kind.rule or "").partition(":")
    found = getattr(import_module(module), name)
    assert (found if isinstance(found, timedelta) else timedelta(seconds=found)) == kind.kept


def test_only_what_no_constant_of_ours_ends_names_none() -> None:
    assert {kind.id for kind in kept_table().kind if not kind.rule} == {"user_keys", "messages", "logs", "backups"}
    assert [kind.id for kind in kept_table().kind if kind.kept is None] == ["user_keys"]


async def test_every_table_of_sqlite_is_some_kinds() -> None:
    databases = (sqlite_database(":memory:"), erasures_database("sqlite:///:memory:"))
    query = "SELECT name FROM sqlite_master WHERE type = 'table'"
    there = {row[0] for database in databases for row in await database.read(query)} - NOBODYS
    for database in databases:
        await database.close()
    assert there == {name for kind in kept_table().kind for name in kind.tables}


@pytest.mark.parametrize("language", FILES)
def test_the_pages_have_the_table(language: str) -> None:
    assert made_part(FILES[language]) == table(language), "python -m infra.tables.retention --write puts it into the pages"


@pytest.mark.parametrize(
    ("time", "english", "korean"),
    [
        (timedelta(days=30), "30 days", "30일"),
        (timedelta(days=1), "24 hours", "24시간"),
        (timedelta(hours=25), "25 hours", "25시간"),
        (timedelta(hours=1), "60 minutes", "60분"),
        (timedelta(seconds=90), "90 seconds", "90초"),
    ],
)
def test_a_length_is_said_in_a_unit_that_people_count_in(time: timedelta, english: str, korean: str) -> None:
    assert (length(time, "en"), length(time, "ko")) == (english, korean)
