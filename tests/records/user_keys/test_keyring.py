"""A keyring: who has keys, how long they stay open, and that a key that is gone is gone everywhere."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from ion_mentoring.errors import StoreUnavailable
from ion_mentoring.mentoring.privacy.rotate import KEPT, RotateKeys
from ion_mentoring.records.user_keys import keyring as module
from ion_mentoring.records.user_keys.keyring import KEPT_S, Keyring, period_of
from ion_mentoring.records.user_keys.sqlite import SqliteKeyStore
from ion_mentoring.sealing.master import MasterKey, OwnMasterKey
from ion_mentoring.wiring.stores import sqlite_database
from tests.records.keyrings import MASTER, keyring

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)


class CountedMaster(OwnMasterKey):
    """A master key that counts how often it is asked."""

    asked = 0

    async def unwrap(self, data: bytes, at: str) -> bytes | None:
        self.asked += 1
        return await super().unwrap(data, at)


@dataclass
class World:
    """One store, a clock, and as many instances as are needed."""

    store: SqliteKeyStore
    now: datetime = NOON
    seconds: float = 0.0

    def instance(self, master: MasterKey = MASTER) -> Keyring:
        return keyring(self.store, master=master, now=lambda: self.now, clock=lambda: self.seconds)


@pytest.fixture
async def world() -> AsyncIterator[World]:
    database = sqlite_database(":memory:")
    yield World(SqliteKeyStore(database))
    await database.close()


async def test_instances_share_names_and_keys(world: World) -> None:
    one, other = world.instance(), world.instance()
    holder = (await one.names()).of("user", "ada")
    assert (await other.names()).of("user", "ada") == holder
    found = await world.instance().names_so_far()
    assert found is not None
    assert found.of("user", "ada") == holder
    sealed = (await one.made([holder]))[holder].seal("words", "here")
    assert (await other.keys([holder]))[holder].open(sealed, "here") == "words"
    assert (await other.made([holder]))[holder] == (await one.keys([holder]))[holder]


async def test_nobody_gets_keys_by_being_looked_for(world: World) -> None:
    assert await world.instance().keys(["aa", "bb"]) == {}
    assert await world.instance().names_so_far() is None
    assert await world.store.periods() == ()


async def test_the_master_key_is_asked_once_an_instance_for_each_key(world: World) -> None:
    master = CountedMaster(b"m" * 32)
    ring = world.instance(master)
    for number in range(50):
        name = (await ring.names()).of("user", str(number))
        await ring.made([name])
        world.seconds += KEPT_S
        await ring.keys([name])
    assert master.asked == 2  # of names, and of the week


class SlowMaster(CountedMaster):
    """A master key that takes its time, or is down."""

    def __init__(self, key: bytes) -> None:
        super().__init__(key)
        self.answers, self.down = asyncio.Event(), False

    async def wrap(self, data: bytes, at: str) -> bytes:
        if self.down:
            raise StoreUnavailable("kms: ServiceUnavailable")
        return await super().wrap(data, at)

    async def unwrap(self, data: bytes, at: str) -> bytes | None:
        self.asked += 1
        if self.down:
            raise StoreUnavailable("kms: ServiceUnavailable")
        await self.answers.wait()
        return await OwnMasterKey.unwrap(self, data, at)


async def test_a_master_key_that_takes_its_time_is_waited_for_a_moment_by_all_and_asked_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await world.instance().names()
    monkeypatch.setattr(module, "MASTER_WITHIN_S", 0.01)
    master = SlowMaster(b"m" * 32)
    ring = world.instance(master)
    for error in await asyncio.gather(*(ring.names() for _ in range(5)), return_exceptions=True):
        assert isinstance(error, StoreUnavailable)
        assert "takes its time" in str(error)
    master.answers.set()
    monkeypatch.setattr(module, "MASTER_WITHIN_S", 30.0)
    await ring.names()
    assert master.asked == 1


async def test_a_master_key_that_is_down_is_left_alone_for_a_while_and_then_found_again(world: World) -> None:
    await world.instance().names()
    master = SlowMaster(b"m" * 32)
    master.answers.set()
    master.down, ring = True, world.instance(master)
    for said in ("kms", "left alone", "left alone"):
        with pytest.raises(StoreUnavailable, match=said):
            await ring.names()
    assert master.asked == 1
    master.down = False
    world.seconds += module.MASTER_RESTS_S
    await ring.names()
    assert master.asked == 2


async def test_in_a_new_week_without_a_master_key_keys_go_on_under_the_last_weeks(world: World) -> None:
    master = SlowMaster(b"m" * 32)
    master.answers.set()
    ring = world.instance(master)
    await ring.made(["aa"])
    world.now += timedelta(days=7)
    world.seconds, master.down = world.seconds + KEPT_S, True
    assert set(await ring.made(["aa", "bb"])) == {"aa", "bb"}
    assert await RotateKeys(ring).report() == {"2026-W48": 2}
    master.down = False
    world.seconds += module.MASTER_RESTS_S
    await ring.made(["aa", "bb"])
    assert await RotateKeys(ring).report() == {"2026-W48": 0, "2026-W49": 2}


async def test_many_holders_get_keys_at_once(world: World) -> None:
    ring = world.instance()
    holders = [(await ring.names()).of("user", str(number)) for number in range(700)]
    assert set(await ring.made(holders)) == set(holders)
    assert len({keys.secrets for keys in (await ring.keys(holders)).values()}) == 700


async def test_destroyed_keys_are_gone_here_at_once_and_elsewhere_after_some_seconds(world: World) -> None:
    here, there = world.instance(), world.instance()
    await here.made(["aa"])
    await there.keys(["aa"])
    await here.destroy("aa")
    assert await here.keys(["aa"]) == {}
    world.seconds += KEPT_S
    assert await there.keys(["aa"]) == {}
    await here.destroy("aa")


async def test_who_comes_back_gets_other_keys_that_open_nothing_of_before(world: World) -> None:
    ring = world.instance()
    sealed = (await ring.made(["aa" * 18]))["aa" * 18].seal("words", "here")
    await ring.destroy("aa" * 18)
    assert (await ring.made(["aa" * 18]))["aa" * 18].open(sealed, "here") is None


async def test_keys_of_an_earlier_week_are_wrapped_anew_when_they_seal(world: World) -> None:
    keys = (await world.instance().made(["aa"]))["aa"]
    world.now += timedelta(days=7)
    ring = world.instance()
    assert (await ring.keys(["aa"]))["aa"] == keys
    assert await RotateKeys(ring).report() == {"2026-W48": 1}
    assert (await world.instance().made(["aa"]))["aa"] == keys
    assert await RotateKeys(ring).report() == {"2026-W48": 0, "2026-W49": 1}


async def test_a_weeks_key_is_destroyed_when_nothing_lies_under_it_and_its_time_is_over(world: World) -> None:
    keys = await world.instance().made(["aa", "bb"])
    backup = await world.store.found(["aa"])
    world.now += KEPT - timedelta(seconds=1)
    assert await RotateKeys(world.instance()).period(world.now) == (2, 0)
    world.now += timedelta(seconds=1)
    assert await RotateKeys(world.instance()).period(world.now) == (0, 1)
    ring = world.instance()
    assert await ring.keys(["aa", "bb"]) == keys
    await world.store.drop("aa")
    await world.store.add(list(backup.values()))  # restored: what it holds was wrapped by a key that is no more
    assert await world.instance().keys(["aa"]) == {}


async def test_a_new_key_of_a_user_seals_and_the_old_one_opens(world: World) -> None:
    ring = world.instance()
    old = (await ring.made(["aa" * 18]))["aa" * 18].seal("before", "here")
    assert await RotateKeys(ring).user("aa" * 18)
    assert not await RotateKeys(ring).user("nobody")
    keys = (await ring.keys(["aa" * 18]))["aa" * 18]
    assert keys.open(old, "here") == "before"
    assert len(keys.secrets) == 2


async def test_under_another_master_key_nothing_opens_and_that_is_told(world: World) -> None:
    await world.instance().names()
    thief = world.instance(OwnMasterKey(b"t" * 32))
    with pytest.raises(StoreUnavailable, match="names does not open"):
        await thief.names()
    with pytest.raises(StoreUnavailable, match="names does not open"):
        await RotateKeys(thief).master()


async def test_a_new_master_key_opens_what_the_old_one_wrapped_and_then_needs_it_no_more(world: World) -> None:
    keys = await world.instance().made(["aa"])
    await world.instance().names()
    both = OwnMasterKey(b"n" * 32, b"m" * 32)
    assert await RotateKeys(world.instance(both)).master() == 2
    assert await world.instance(OwnMasterKey(b"n" * 32)).keys(["aa"]) == keys


def test_a_period_is_a_week_by_the_calendar_of_weeks() -> None:
    assert [period_of(datetime(*day, tzinfo=UTC)) for day in ((2026, 11, 29), (2026, 11, 30), (2027, 1, 1))] == [
        "2026-W48",
        "2026-W49",
        "2026-W53",
    ]
