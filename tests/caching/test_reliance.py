"""What was read from a store counts until an invalidation tells that it changed, or until it is too old."""

from dataclasses import dataclass, field

import pytest

from ion_mentoring.caching.epochs import Epochs
from ion_mentoring.caching.reliance import FAR_S, Reliance

DECLARED_S = 5.0


@dataclass
class Clock:
    time: float = 1_000.0
    asked: list[float] = field(default_factory=list)

    def __call__(self) -> float:
        return self.time

    async def verify(self) -> bool:
        self.asked.append(self.time)
        return True


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_without_l2_a_reading_counts_for_the_declared_time(clock: Clock) -> None:
    alone = Reliance(Epochs(DECLARED_S, clock), None, "x", DECLARED_S, clock)
    reading = alone.begun()
    clock.time += DECLARED_S
    assert alone.holds(reading)
    clock.time += 0.1
    assert not alone.holds(reading)
    assert alone.age(reading) > DECLARED_S


def test_a_clock_that_was_set_back_makes_a_reading_void(clock: Clock) -> None:
    alone = Reliance(Epochs(DECLARED_S, clock), None, "x", DECLARED_S, clock)
    reading = alone.begun()
    clock.time -= 1
    assert not alone.holds(reading)


async def test_the_order_is_asked_for_where_it_is_not_known_and_can_be_had(clock: Clock) -> None:
    await Reliance(Epochs(DECLARED_S, clock), None, "x", DECLARED_S, clock).asked()
    assert clock.asked == []
    shared = Reliance(Epochs(DECLARED_S, clock), clock.verify, "x", DECLARED_S, clock)
    await shared.asked()
    assert clock.asked == [clock.time]
    assert shared.longest_s == DECLARED_S < FAR_S, "the order is still not known"
