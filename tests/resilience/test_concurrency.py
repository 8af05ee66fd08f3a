"""So many at once, so many waiting, and the rest is sent away at once."""

import asyncio
import random
from collections import Counter

import pytest

from ion_mentoring.errors import Overloaded
from ion_mentoring.resilience.concurrency import ConcurrencyLimit


async def test_at_most_so_many_work_and_the_others_come_after_them() -> None:
    concurrency = ConcurrencyLimit(2, 3)
    working = most = done = 0

    async def work() -> None:
        nonlocal working, most, done
        async with concurrency.slot():
            working += 1
            most = max(most, working)
            await asyncio.sleep(0)
            working -= 1
            done += 1

    await asyncio.gather(*(work() for _ in range(5)))
    assert (most, done) == (2, 5)


async def test_who_finds_the_queue_full_is_sent_away_with_a_time() -> None:
    concurrency = ConcurrencyLimit(1, 1)
    async with concurrency.slot():
        waiting = asyncio.create_task(concurrency.slot().__aenter__())
        await asyncio.sleep(0)
        with pytest.raises(Overloaded) as refused:
            await concurrency.slot().__aenter__()
        assert refused.value.retry_after_s == 2
        assert refused.value.status == 503
    await waiting


async def test_a_turn_is_free_again_after_an_error_and_after_giving_up() -> None:
    concurrency = ConcurrencyLimit(1, 1)
    with pytest.raises(ZeroDivisionError):
        async with concurrency.slot():
            raise ZeroDivisionError
    async with concurrency.slot():
        waiting = asyncio.create_task(concurrency.slot().__aenter__())
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        again = asyncio.create_task(concurrency.slot().__aenter__())
        await asyncio.sleep(0)
        assert not again.done()
    await asyncio.wait_for(again, 1)


class Holding:
    """Tasks that hold or wait for turns until they are told to let go, by whom they hold them for."""

    def __init__(self, concurrency: ConcurrencyLimit) -> None:
        self.concurrency = concurrency
        self.began: list[str | None] = []
        self.tasks: list[tuple[asyncio.Task[None], asyncio.Event]] = []

    async def ask(self, *holders: str | None) -> None:
        for holder in holders:
            let_go = asyncio.Event()
            self.tasks.append((asyncio.create_task(self._hold(holder, let_go)), let_go))
        await settled()

    async def _hold(self, holder: str | None, let_go: asyncio.Event) -> None:
        async with self.concurrency.slot(holder):
            self.began.append(holder)
            await let_go.wait()

    async def end(self, place: int) -> None:
        self.tasks[place][1].set()
        await settled()

    def refused(self) -> list[int]:
        return [place for place, (task, _) in enumerate(self.tasks) if task.done() and task.exception()]

    async def end_all(self) -> None:
        for _, let_go in self.tasks:
            let_go.set()
        await asyncio.gather(*(task for task, _ in self.tasks), return_exceptions=True)


async def settled() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_a_holder_has_at_most_a_quarter_and_another_one_never_waits_for_it() -> None:
    holding = Holding(ConcurrencyLimit(80, 160))
    await holding.ask(*["one"] * 260)
    assert holding.began == ["one"] * 20
    assert len(holding.refused()) == 260 - 20 - 160
    await holding.ask("two")
    assert holding.began[-1] == "two"
    await holding.end_all()


async def test_everybody_may_have_all_turns() -> None:
    holding = Holding(ConcurrencyLimit(8, 0))
    await holding.ask(*[None] * 9)
    assert (len(holding.began), holding.refused()) == (8, [8])
    await holding.end_all()


async def test_of_few_turns_a_holder_has_one() -> None:
    holding = Holding(ConcurrencyLimit(3, 5))
    await holding.ask("one", "one", "two")
    assert holding.began == ["one", "two"]
    await holding.end(0)
    assert holding.began == ["one", "two", "one"]
    await holding.end_all()


async def test_what_becomes_free_goes_to_whoever_holds_the_fewest() -> None:
    holding = Holding(ConcurrencyLimit(8, 100))
    await holding.ask(*["one"] * 20, *["two"] * 20, *["three"] * 20, *["four"] * 20)
    await holding.ask("five", "six", "five")
    assert holding.began == ["one", "one", "two", "two", "three", "three", "four", "four"]
    await holding.end(0)
    await holding.end(20)
    assert holding.began[8:10] == ["five", "six"]
    await holding.end_all()


async def test_in_a_full_queue_whoever_has_the_most_gives_way() -> None:
    holding = Holding(ConcurrencyLimit(4, 4))
    await holding.ask("one", "two", "three", "four", "one", "one", "one", "one")
    await holding.ask("five")
    assert holding.refused() == [7]
    await holding.ask("one")
    assert holding.refused() == [7, 9]
    await holding.ask("five")
    assert holding.refused() == [6, 7, 9]
    await holding.ask("five")
    assert 11 in holding.refused()
    await holding.end_all()
    assert holding.began.count("five") == 2


async def test_who_gives_up_while_waiting_or_in_the_moment_of_its_turn_takes_nothing_along() -> None:
    concurrency = ConcurrencyLimit(4, 8)
    holding = Holding(concurrency)
    await holding.ask("one", "one", "one", "one")
    holding.tasks[1][0].cancel()
    holding.tasks[0][1].set()
    await asyncio.sleep(0)
    holding.tasks[2][0].cancel()
    await settled()
    await holding.end(3)
    await holding.end_all()
    again = Holding(concurrency)
    await again.ask("one", "two", "three", "four")
    assert len(again.began) == 4
    await again.end_all()


async def test_however_they_come_and_go_no_turn_is_lost_or_held_twice() -> None:
    drawn = random.Random(7)
    concurrency = ConcurrencyLimit(8, 12)
    holding: Counter[str] = Counter()
    most: list[tuple[int, int]] = []

    async def one(name: str) -> None:
        async with concurrency.slot(name):
            holding[name] += 1
            most.append((holding[name], holding.total()))
            try:
                for _ in range(drawn.randrange(4)):
                    await asyncio.sleep(0)
            finally:
                holding[name] -= 1

    for _ in range(300):
        tasks = [asyncio.create_task(one(drawn.choice("abcdef"))) for _ in range(drawn.randrange(40))]
        for _ in range(drawn.randrange(6)):
            await asyncio.sleep(0)
        for task in drawn.sample(tasks, len(tasks) // 3):
            task.cancel()
        await asyncio.wait_for(asyncio.gather(*tasks, return_exceptions=True), 5)
    assert max(own for own, _ in most) == 2
    assert max(total for _, total in most) == 8
    last = Holding(concurrency)
    await last.ask(*"abcdabcd")
    assert len(last.began) == 8
    await last.end_all()
