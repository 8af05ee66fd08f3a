"""The picture of the capacity model in docs/: instances, USD a month, and the P95 of one instance, over the number of users."""

import math
from collections.abc import Callable
from typing import Final

from loadtests.load_model import Figures, Plan, planned
from loadtests.plots import Point, picture

HIT_RATES: Final = (0.3, 0.6, 0.9)
MOST_USERS: Final = 10_000
MOST_OF_ONE: Final = 1_500
STEPS: Final = 100
MOST_MS: Final = 500.0  # beyond which nothing is drawn: the promise is broken


def drawn(figures: Figures, think_s: float, at_least: int, monthly_usd: Callable[[int], float]) -> str:
    """The SVG. `think_s` is the time between the questions of a user, `monthly_usd` the price of so many instances."""

    def over(most: int, value: Callable[[Plan], float | None], instances: int | None = None) -> dict[str, list[Point]]:
        return {
            f"hit rate {hit_rate:.0%}": [
                (users, value(planned(figures, users / think_s, hit_rate, at_least=at_least, instances=instances)))
                for users in range(most // STEPS, most + 1, most // STEPS)
            ]
            for hit_rate in HIT_RATES
        }

    return picture(
        {
            "Instances of the router, by users": (over(MOST_USERS, lambda plan: plan.instances), ""),
            "USD a month, all day long, by users": (over(MOST_USERS, lambda plan: monthly_usd(plan.instances)), ""),
            "P95 of one instance in ms, by users": (over(MOST_OF_ONE, _p95_ms, instances=1), ""),
        }
    )


def _p95_ms(plan: Plan) -> float | None:
    return plan.p95_ms if math.isfinite(plan.p95_ms) and plan.p95_ms <= MOST_MS else None
