"""The check that a region keeps the promise after a release: errors in Cloud Monitoring, its latency beside other regions', and
questions of our own."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

import httpx2

from infra.releasing.cloud import Cloud
from infra.releasing.latency import slower
from infra.releasing.smoke import ENGLISH, KOREAN, Target, answers

MONITORING: Final = "monitoring.googleapis.com"
SERVICE: Final = "ion-router"
ALLOWED: Final = 0.01  # a release that burns ten times the budget of 99.9 % is taken back

Now = Callable[[], datetime]
Sleep = Callable[[float], object]


@dataclass(frozen=True, slots=True)
class Kept:
    """The observations: answers and errors of our own questions, and of everybody's by Cloud Monitoring; a sentence if the
    region became slower than others did."""

    asked: int
    failed: int
    answers: int
    errors: int
    slower: str | None = None

    @property
    def wrong(self) -> str | None:
        """Why the promise is not kept, None if it is. Nobody's answers are no proof: then our own questions are."""
        if self.failed > max(1, ALLOWED * self.asked):
            return f"{self.failed} of {self.asked} questions of our own failed, or were answered by a substitute"
        if self.answers and self.errors / self.answers > ALLOWED:
            share = f"{self.errors / self.answers:.1%}, allowed {ALLOWED:.0%}"
            return f"{self.errors} of {self.answers} answers were errors ({share})"
        return self.slower if self.asked else "nothing was asked"


def requests(cloud: Cloud, region: str, since: datetime, now: datetime) -> tuple[int, int]:
    """Answers of the router in a region, and errors among them, as Cloud Monitoring counts; UserError if that cannot be had."""
    wanted = {
        "filter": f'metric.type="run.googleapis.com/request_count" AND resource.labels.service_name="{SERVICE}" '
        f'AND resource.labels.location="{region}"',
        "interval.startTime": since.isoformat(timespec="seconds"),
        "interval.endTime": now.isoformat(timespec="seconds"),
        "aggregation.alignmentPeriod": f"{max(60, int((now - since).total_seconds()))}s",
        "aggregation.perSeriesAligner": "ALIGN_DELTA",
        "aggregation.crossSeriesReducer": "REDUCE_SUM",
        "aggregation.groupByFields": "metric.labels.response_code_class",
    }
    found = cloud.get(MONITORING, f"v3/projects/{cloud.project}/timeSeries", wanted) or {}
    counts: Counter[str] = Counter()
    for one in found.get("timeSeries", []):
        answers = sum(int(point["value"]["int64Value"]) for point in one["points"])
        counts[one["metric"]["labels"]["response_code_class"]] += answers
    return counts.total(), counts["5xx"]


def watch(
    target: Target, cloud: Cloud, for_s: float, every_s: float, others: Sequence[str] = (), *, now: Now, sleep: Sleep
) -> Kept:
    """Asks the region so often for that long (seconds), then looks at what Cloud Monitoring counted there and in the others."""
    began, asked, failed = now(), 0, 0
    until = began + timedelta(seconds=for_s)
    while now() < until:
        asked += 1
        failed += not _answered(target, KOREAN if asked % 2 else ENGLISH)
        sleep(every_s)
    region = target.region or ""
    answers, errors = requests(cloud, region, began, now())
    return Kept(asked, failed, answers, errors, slower(cloud, SERVICE, region, others, began, now()) if others else None)


def _answered(target: Target, text: str) -> bool:
    """True for a whole answer: one for which something had to be replaced on the way is a 200, too."""
    try:
        return answers(text)(target) is None
    except (httpx2.HTTPError, ValueError, KeyError, TypeError):
        return False


def utc_now() -> datetime:
    """The time, in UTC."""
    return datetime.now(UTC)
