"""The metrics by which arms are compared: which way is better, and how much worse is borne."""

from collections.abc import Mapping
from typing import Final, Literal

from msgspec import Struct

Metric = Literal["helpful", "down", "danger", "errors", "latency_ms", "cost_usd"]


class MetricRule(Struct, frozen=True):
    """`better` is 1 where more is better, else -1. A guardrail stops an arm that is proven to be worse by more than `bears`,
    which is a share of the usual arm's mean where it is `relative`."""

    better: int
    bears: float = 0.0
    relative: bool = False


RULES: Final[Mapping[Metric, MetricRule]] = {
    "helpful": MetricRule(1),
    "down": MetricRule(-1),  # the share of thumbs down
    "danger": MetricRule(-1),  # answers that a person called unsafe, or that a model's own filter cut, of all answers
    "errors": MetricRule(-1, 0.002),
    "latency_ms": MetricRule(-1, 0.1, relative=True),
    "cost_usd": MetricRule(-1, 0.1, relative=True),
}
GUARDRAILS: Final[tuple[Metric, ...]] = ("down", "danger", "errors", "latency_ms", "cost_usd")
