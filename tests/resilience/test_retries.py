"""Retries stay a small share of all calls, inside the time there is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ion_mentoring.resilience.retries import ATTEMPTS, RetryBudget, retrying


@given(st.lists(st.booleans(), min_size=10, max_size=400))
def test_retries_are_at_most_a_tenth_of_the_calls(wanted: list[bool]) -> None:
    budget = RetryBudget()
    retries = 0
    for calls, wants in enumerate(wanted, 1):
        budget.called()
        retries += wants and budget.take()
        assert retries <= max(1, calls / 10)


def test_the_first_failure_may_be_retried_at_once_and_the_next_calls_pay_for_it() -> None:
    budget = RetryBudget()
    budget.called()
    assert budget.take()
    for _ in range(19):
        assert not budget.take()
        budget.called()
    assert budget.take()


def test_what_was_saved_is_bounded() -> None:
    budget = RetryBudget(kept=2)
    for _ in range(1_000):
        budget.called()
    assert [budget.take() for _ in range(3)] == [True, True, False]


class Flaky:
    """Fails as often as it is told to."""

    def __init__(self, failures: int, error: Exception) -> None:
        self.left = failures
        self.error = error
        self.calls = 0

    async def ask(self) -> str:
        self.calls += 1
        if self.calls <= self.left:
            raise self.error
        return "answer"


async def asked(flaky: Flaky, budget: RetryBudget, within_s: float = 60) -> tuple[str, list[BaseException]]:
    told: list[BaseException] = []
    answer = ""
    async for attempt in retrying(lambda error: isinstance(error, OSError), budget, within_s=within_s, told=told.append):
        with attempt:
            answer = await flaky.ask()
    return answer, told


async def test_what_may_be_retried_is_and_is_told() -> None:
    flaky = Flaky(1, OSError("reset"))
    answer, told = await asked(flaky, RetryBudget())
    assert (answer, flaky.calls, len(told)) == ("answer", 2, 1)


async def test_what_may_not_be_retried_is_not() -> None:
    flaky = Flaky(1, ValueError("wrong"))
    with pytest.raises(ValueError, match="wrong"):
        await asked(flaky, RetryBudget())
    assert flaky.calls == 1


async def test_there_are_three_attempts_and_their_retries_are_paid() -> None:
    budget = RetryBudget(kept=10)
    for _ in range(200):
        budget.called()
    flaky = Flaky(99, OSError("dead"))
    with pytest.raises(OSError, match="dead"):
        await asked(flaky, budget)
    assert flaky.calls == ATTEMPTS
    left = [budget.take() for _ in range(10)]
    assert left.count(True) == 10 - (ATTEMPTS - 1)


async def test_an_empty_budget_means_one_attempt() -> None:
    budget = RetryBudget()
    budget.take()
    flaky = Flaky(1, OSError("reset"))
    with pytest.raises(OSError, match="reset"):
        await asked(flaky, budget)
    assert flaky.calls == 1


async def test_nothing_is_retried_when_time_is_over() -> None:
    flaky = Flaky(1, OSError("reset"))
    with pytest.raises(OSError, match="reset"):
        await asked(flaky, RetryBudget(), within_s=0)
    assert flaky.calls == 1
