"""Whoever misses the same key at the same moment follows one run."""

import asyncio
from collections.abc import Callable

import pytest

from ion_mentoring.caching.flight import Flights


class Kitchen:
    """Makes numbered dishes in two parts when a test lets it."""

    def __init__(self) -> None:
        self.started = 0
        self.finished = 0
        self.ended = 0
        self.go = asyncio.Event()
        self.failure: Exception | None = None

    async def cook(self, say: Callable[[str], None] | None) -> str:
        self.started += 1
        number = self.started
        try:
            if say:
                say(f"begun {number}")
            await self.go.wait()
            if self.failure:
                raise self.failure
            self.finished += 1
            return f"done {number}"
        finally:
            self.ended += 1


@pytest.fixture
def kitchen() -> Kitchen:
    return Kitchen()


@pytest.fixture
def flights() -> Flights[str, str]:
    return Flights()


async def served(flights: Flights[str, str], kitchen: Kitchen, key: str = "k") -> list[str]:
    said: list[str] = []
    result = await flights.join(key, kitchen.cook, said.append)
    return [*said, result]


async def waiting(flights: Flights[str, str], kitchen: Kitchen, count: int, key: str = "k") -> list["asyncio.Task[list[str]]"]:
    tasks = [asyncio.create_task(served(flights, kitchen, key)) for _ in range(count)]
    for _ in range(4):
        await asyncio.sleep(0)
    return tasks


async def test_a_thousand_misses_of_a_key_are_one_run(flights: Flights[str, str], kitchen: Kitchen) -> None:
    tasks = await waiting(flights, kitchen, 1_000)
    assert flights.running("k")
    kitchen.go.set()
    assert all(parts == ["begun 1", "done 1"] for parts in await asyncio.gather(*tasks))
    assert kitchen.started == 1
    assert not flights.running("k")


async def test_keys_do_not_wait_for_each_other(flights: Flights[str, str], kitchen: Kitchen) -> None:
    tasks = await waiting(flights, kitchen, 2, "a") + await waiting(flights, kitchen, 2, "b")
    kitchen.go.set()
    assert [parts[-1] for parts in await asyncio.gather(*tasks)] == ["done 1", "done 1", "done 2", "done 2"]


async def test_a_run_that_is_over_is_not_a_cache(flights: Flights[str, str], kitchen: Kitchen) -> None:
    kitchen.go.set()
    assert [(await served(flights, kitchen))[-1] for _ in range(3)] == ["done 1", "done 2", "done 3"]


async def test_a_failure_reaches_all_who_follow_and_is_not_kept(flights: Flights[str, str], kitchen: Kitchen) -> None:
    kitchen.failure = LookupError("no model")
    tasks = await waiting(flights, kitchen, 3)
    kitchen.go.set()
    outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    assert all(isinstance(outcome, LookupError) for outcome in outcomes)
    kitchen.failure = None
    assert (await served(flights, kitchen))[-1] == "done 2"


async def test_whoever_saw_a_failure_may_try_again_at_once(flights: Flights[str, str], kitchen: Kitchen) -> None:
    kitchen.failure = LookupError("no model")
    kitchen.go.set()

    async def stubborn() -> str:
        with pytest.raises(LookupError):
            await served(flights, kitchen)
        kitchen.failure = None
        return (await served(flights, kitchen))[-1]

    assert all(part.startswith("done") for part in await asyncio.gather(stubborn(), stubborn()))


@pytest.mark.parametrize("who", [0, 1], ids=["the one who started it", "one who follows"])
async def test_leaving_does_not_stop_the_run_for_the_others(flights: Flights[str, str], kitchen: Kitchen, who: int) -> None:
    tasks = await waiting(flights, kitchen, 3)
    leaving = tasks.pop(who)
    leaving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await leaving
    kitchen.go.set()
    assert [parts[-1] for parts in await asyncio.gather(*tasks)] == ["done 1", "done 1"]


async def test_when_all_have_left_the_run_is_ended(flights: Flights[str, str], kitchen: Kitchen) -> None:
    tasks = await waiting(flights, kitchen, 2)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert (kitchen.ended, kitchen.finished) == (1, 0)
    kitchen.go.set()
    assert (await served(flights, kitchen))[-1] == "done 2"


async def test_a_run_that_is_ending_is_not_joined_any_more(flights: Flights[str, str]) -> None:
    """It may take a moment to close; whoever comes back meanwhile would be cancelled together with it."""
    closing, close = asyncio.Event(), asyncio.Event()

    async def slow_to_close(say: Callable[[str], None] | None) -> str:
        try:
            await asyncio.Event().wait()
        finally:
            closing.set()
            await close.wait()
        return "never"

    async def quick(say: Callable[[str], None] | None) -> str:
        return "another"

    leaving = asyncio.create_task(flights.join("k", slow_to_close, None))
    await asyncio.sleep(0.01)
    leaving.cancel()
    await closing.wait()
    assert not flights.running("k")
    assert await flights.join("k", quick, None) == "another"
    close.set()
    await asyncio.gather(leaving, return_exceptions=True)


async def test_a_run_that_nobody_listened_to_at_first_says_nothing_and_gives_its_result_to_a_listener(
    flights: Flights[str, str], kitchen: Kitchen
) -> None:
    first = asyncio.create_task(flights.join("k", kitchen.cook, None))
    await asyncio.sleep(0)
    second = asyncio.create_task(served(flights, kitchen))
    await asyncio.sleep(0)
    kitchen.go.set()
    assert (await first, await second, kitchen.started) == ("done 1", ["done 1"], 1)
