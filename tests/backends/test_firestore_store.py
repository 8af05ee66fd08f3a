"""Firestore's documents, and what becomes of the calls when nobody answers them."""

import asyncio
import gc
import socket
import time
from collections.abc import Awaitable, Callable, Iterator

import pytest
from google.auth.exceptions import DefaultCredentialsError

from ion_mentoring.backends import firestore
from ion_mentoring.backends.firestore import PAGE, Added, Created, Deleted, Documents
from ion_mentoring.errors import StoreRefused, StoreUnavailable
from ion_mentoring.local.parts import free_port
from tests.real_parts.firestore import patient

CALLS: dict[str, Callable[[Documents], Awaitable[object]]] = {
    "get": lambda documents: documents.get("things", "one"),
    "create": lambda documents: documents.create("things", "one", {}),
    "create_all": lambda documents: documents.create_all("things", {"one": {}, "two": {}}),
    "commit": lambda documents: documents.commit((Created("things", "one", {}), Deleted("things", "two"))),
    "added": lambda documents: documents.added("things", "one", {}),
    "versioned": lambda documents: documents.versioned("things", "one"),
    "replaced": lambda documents: documents.replaced("things", "one", {"a": 1}, "2026-01-01T12:00:00.0Z"),
    "named": lambda documents: documents.named("things"),
    "newest": lambda documents: documents.newest("things", "order", 3),
    "all": lambda documents: documents.all("things"),
    "erase": lambda documents: documents.erase("things"),
}


@pytest.fixture
def documents(firestore_project: str) -> Documents:
    return patient(firestore_project)


@pytest.fixture
def nobody(monkeypatch: pytest.MonkeyPatch) -> Documents:
    """Documents where nothing listens."""
    monkeypatch.setenv("FIRESTORE_EMULATOR_HOST", f"127.0.0.1:{free_port()}")
    return Documents("test-nobody", timeout_s=0.5)


@pytest.fixture
def silent(monkeypatch: pytest.MonkeyPatch) -> Iterator[Documents]:
    """Documents where connections are taken and nothing is ever said."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        monkeypatch.setenv("FIRESTORE_EMULATOR_HOST", f"127.0.0.1:{server.getsockname()[1]}")
        yield Documents("test-silent", timeout_s=0.2)


async def test_a_document_that_was_created_is_found_and_another_is_not(documents: Documents) -> None:
    assert await documents.create("things/a/parts", "one", {"number": 1})
    assert await documents.get("things/a/parts", "one") == {"number": 1}
    assert await documents.get("things/a/parts", "two") is None
    assert await documents.get("things/b/parts", "one") is None


async def test_a_document_is_replaced_only_as_it_was_read(documents: Documents) -> None:
    first = await documents.added("things", "one", {"number": 1})
    assert first
    assert await documents.added("things", "one", {"number": 2}) is None
    assert await documents.versioned("things", "one") == ({"number": 1}, first)
    second = await documents.replaced("things", "one", {"number": 3}, first)
    assert await documents.replaced("things", "one", {"number": 4}, first) is None
    assert await documents.versioned("things", "one") == ({"number": 3}, second)
    assert await documents.versioned("things", "two") is None
    assert await documents.replaced("things", "two", {"number": 5}, first) is None


async def test_a_document_is_created_once(documents: Documents) -> None:
    assert await documents.create("things", "one", {"number": 1})
    assert not await documents.create("things", "one", {"number": 2})
    assert await documents.get("things", "one") == {"number": 1}


async def test_of_many_who_create_the_same_document_one_succeeds(documents: Documents) -> None:
    outcomes = await asyncio.gather(*(documents.create("things", "one", {"number": number}) for number in range(20)))
    assert outcomes.count(True) == 1
    assert await documents.get("things", "one") == {"number": outcomes.index(True)}


async def test_documents_of_one_commit_are_all_created_or_none(documents: Documents) -> None:
    assert await documents.create_all("things", {"one": {"number": 1}, "two": {"number": 2}})
    assert not await documents.create_all("things", {"three": {"number": 3}, "two": {"number": 4}})
    assert sorted(one["number"] for one in await documents.all("things")) == [1, 2]


async def test_a_document_that_is_too_large_is_refused_which_is_no_outage(documents: Documents) -> None:
    with pytest.raises(StoreRefused, match="InvalidArgument"):
        await documents.create("things", "one", {"text": "x" * 1_100_000})


async def test_the_newest_come_first_and_no_more_than_asked(documents: Documents) -> None:
    await documents.create_all("things", {f"n{number}": {"order": number} for number in (3, 1, 2)})
    assert await documents.newest("things", "order", 2) == [{"order": 3}, {"order": 2}]


async def test_more_documents_than_fit_one_commit_are_erased(documents: Documents) -> None:
    await documents.create_all("things", {f"n{number}": {} for number in range(PAGE)})
    await documents.create("things", "last", {})
    await documents.create("others", "one", {"kept": True})
    await documents.erase("things")
    assert await documents.all("things") == []
    assert await documents.all("others") == [{"kept": True}]
    await documents.erase("things")


async def test_databases_are_apart(firestore_project: str) -> None:
    await patient(firestore_project, "first-database").create("things", "one", {})
    assert await patient(firestore_project, "second-database").get("things", "one") is None


async def test_calls_at_once_share_one_client(documents: Documents) -> None:
    await asyncio.gather(*(documents.get("things", "one") for _ in range(8)))
    assert len({id(await documents._client()) for _ in range(2)}) == len(documents._clients) == 1


def test_each_event_loop_has_its_own_client_and_that_of_a_closed_loop_is_forgotten(documents: Documents) -> None:
    assert asyncio.run(documents.create("things", "one", {}))
    assert asyncio.run(documents.get("things", "one")) == {}
    assert len(documents._clients) == 1
    gc.collect()


def test_nothing_is_connected_when_it_is_made(nobody: Documents) -> None:
    assert not nobody._clients


@pytest.mark.parametrize("call", CALLS)
async def test_with_nobody_there_every_call_is_unavailable_at_once(nobody: Documents, call: str) -> None:
    began = time.monotonic()
    with pytest.raises(StoreUnavailable, match="ServiceUnavailable") as caught:
        await CALLS[call](nobody)
    assert time.monotonic() - began < 2
    assert caught.value.retry_after_s == 1


@pytest.mark.parametrize("call", CALLS)
async def test_with_a_silent_server_every_call_is_unavailable_after_its_time(silent: Documents, call: str) -> None:
    began = time.monotonic()
    with pytest.raises(StoreUnavailable):
        await CALLS[call](silent)
    assert time.monotonic() - began < 2


async def test_without_credentials_the_store_is_unavailable(monkeypatch: pytest.MonkeyPatch, nobody: Documents) -> None:
    def no_credentials(**_: object) -> None:
        raise DefaultCredentialsError

    monkeypatch.setattr(firestore, "AsyncClient", no_credentials)
    with pytest.raises(StoreUnavailable, match="DefaultCredentialsError"):
        await nobody.get("things", "one")


async def test_a_call_that_is_cancelled_from_outside_is_not_called_unavailable(silent: Documents) -> None:
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.02):
            await silent.get("things", "one")


async def test_a_commit_makes_all_changes_and_tells_the_sums(documents: Documents) -> None:
    adding = Added("things", "sums", {"a": 2, "nested": {"b": 3}}, {"name": "n"})
    assert await documents.commit((Created("things", "one", {"x": 1}), adding)) == [[], [2, 3]]
    assert await documents.commit((adding, Deleted("things", "one"))) == [[4, 6], []]
    assert await documents.named("things") == {"sums": {"a": 4, "nested": {"b": 6}, "name": "n"}}


@pytest.mark.parametrize("wrong", [Created("things", "one", {}), Deleted("things", "two")], ids=repr)
async def test_a_commit_with_one_wrong_change_makes_none(documents: Documents, wrong: Created | Deleted) -> None:
    await documents.create("things", "one", {"x": 1})
    assert await documents.commit((Added("things", "sums", {"a": 2}), wrong)) is None
    assert await documents.named("things") == {"one": {"x": 1}}
