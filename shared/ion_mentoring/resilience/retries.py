"""Retries: with jittered backoff, inside the request's time, and never more than a share of all calls."""

from collections.abc import Callable
from typing import Final

from tenacity import (
    AsyncRetrying,
    RetryCallState,
    retry_if_exception,
    stop_after_attempt,
    stop_any,
    stop_before_delay,
    wait_random_exponential,
)
from tenacity.stop import stop_base

ATTEMPTS: Final = 3
FIRST_WAIT_S: Final = 0.1  # the first wait is anything up to this, each further one up to twice as long (full jitter)
LONGEST_WAIT_S: Final = 2.0


class RetryBudget:
    """Lets one retry through for `every` so many calls, so that retries cannot multiply the load on what already struggles.

    The first retry may come at once: the first calls pay for it afterwards. Unused retries are kept, up to `kept`.
    """

    def __init__(self, every: int = 10, *, kept: int = 10) -> None:
        self._every = every
        self._most = every * kept
        self._saved = every
        self._owed = every

    def called(self) -> None:
        """Counts a call, not a retry."""
        if self._owed:
            self._owed -= 1
        else:
            self._saved = min(self._most, self._saved + 1)

    def take(self) -> bool:
        """Takes one retry; False if there is none."""
        if self._saved < self._every:
            return False
        self._saved -= self._every
        return True


def retrying(
    again: Callable[[BaseException], bool],
    budget: RetryBudget,
    *,
    within_s: float,
    told: Callable[[BaseException], object],
) -> AsyncRetrying:
    """Attempts as long as `again` says that an error may be retried, the next attempt would still begin within so many
    seconds, and the budget has a retry left; `told` hears of each error that is retried."""

    def tell(state: RetryCallState) -> None:
        error = state.outcome.exception() if state.outcome else None
        if error is not None:
            told(error)

    return AsyncRetrying(
        retry=retry_if_exception(again),
        stop=stop_any(
            stop_after_attempt(ATTEMPTS), stop_before_delay(within_s), _Spent(budget)
        ),  # in this order: asking spends
        wait=wait_random_exponential(multiplier=FIRST_WAIT_S, max=LONGEST_WAIT_S),
        before_sleep=tell,
        reraise=True,
    )


class _Spent(stop_base):
    """Stops where the budget has no retry left, and else takes one."""

    def __init__(self, budget: RetryBudget) -> None:
        self._budget = budget

    def __call__(self, retry_state: RetryCallState) -> bool:
        return not self._budget.take()
