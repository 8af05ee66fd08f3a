"""Whoever misses the same key at the same moment waits for one run."""

import asyncio

import pytest

from ion_mentoring.caching.flight import Flights


class Kitchen:
    """Makes numbered values when a test lets it."""

    def __init__(self) -> None:
        self.started = 0
        self.finished = 0
        self.go = asyncio.Event()
        self.failure: Exception | None = None

    async def cook(self) -> int:
        self.started += 1
        await self.go.wait()
        if self.failure:
            raise self.failure
        self.finished += 1
        return self.finished


@pytest.fixture
def kitchen() -> Kitchen:
    return Kitchen()


@pytest.fixture
def flights() -> Flights[int]:
    return Flights()


async def waiting(flights: Flights[int], kitchen: Kitchen, count: int, key: str = "k") -> list["asyncio.Task[int]"]:
    tasks = [asyncio.create_task(flights.run(key, kitchen.cook)) for _ in range(count)]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    return tasks


async def test_a_thousand_misses_of_a_key_are_one_run(flights: Flights[int], kitchen: Kitchen) -> None:
    tasks = await waiting(flights, kitchen, 1_000)
    kitchen.go.set()
    assert set(await asyncio.gather(*tasks)) == {1}
    assert kitchen.started == 1


async def test_keys_do_not_wait_for_each_other(flights: Flights[int], kitchen: Kitchen) -> None:
    tasks = await waiting(flights, kitchen, 2, "a") + await waiting(flights, kitchen, 2, "b")
    kitchen.go.set()
    assert await asyncio.gather(*tasks) == [1, 1, 2, 2]


async def test_a_run_that_is_over_is_not_a_cache(flights: Flights[int], kitchen: Kitchen) -> None:
    kitchen.go.set()
    assert [await flights.run("k", kitchen.cook) for _ in range(3)] == [1, 2, 3]


async def test_a_failure_reaches_all_who_wait_and_is_not_kept(flights: Flights[int], kitchen: Kitchen) -> None:
    kitchen.failure = LookupError("no model")
    tasks = await waiting(flights, kitchen, 3)
    kitchen.go.set()
    outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    assert all(isinstance(outcome, LookupError) for outcome in outcomes)
    kitchen.failure = None
    assert await flights.run("k", kitchen.cook) == 1


async def test_whoever_saw_a_failure_may_try_again_at_once(flights: Flights[int], kitchen: Kitchen) -> None:
    kitchen.failure = LookupError("no model")
    kitchen.go.set()

    async def stubborn() -> int:
        with pytest.raises(LookupError):
            await flights.run("k", kitchen.cook)
        kitchen.failure = None
        return await flights.run("k", kitchen.cook)

    assert await asyncio.gather(stubborn(), stubborn()) == [1, 1]
    assert kitchen.started == 2


@pytest.mark.parametrize("who", [0, 1], ids=["the one who started it", "one who waits"])
async def test_leaving_does_not_stop_the_run_for_the_others(flights: Flights[int], kitchen: Kitchen, who: int) -> None:
    tasks = await waiting(flights, kitchen, 3)
    leaving = tasks.pop(who)
    leaving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await leaving
    kitchen.go.set()
    assert await asyncio.gather(*tasks) == [1, 1]


async def test_when_all_have_left_the_run_still_ends_and_fills_what_it_fills(flights: Flights[int], kitchen: Kitchen) -> None:
    (only,) = await waiting(flights, kitchen, 1)
    only.cancel()
    with pytest.raises(asyncio.CancelledError):
        await only
    kitchen.go.set()
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert kitchen.finished == 1


async def test_a_failure_that_nobody_waits_for_any_more_is_not_reported_as_lost(
    flights: Flights[int], kitchen: Kitchen
) -> None:
    reported: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: reported.append(context))
    kitchen.failure = LookupError("no model")
    (only,) = await waiting(flights, kitchen, 1)
    only.cancel()
    kitchen.go.set()
    await asyncio.gather(only, return_exceptions=True)
    await asyncio.sleep(0)
    assert reported == []


async def test_a_run_that_was_cancelled_itself_is_forgotten(flights: Flights[int], kitchen: Kitchen) -> None:
    async def cancelled() -> int:
        raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        await flights.run("k", cancelled)
    kitchen.go.set()
    assert await flights.run("k", kitchen.cook) == 1
