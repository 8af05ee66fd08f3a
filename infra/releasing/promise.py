"""Whether a region keeps the promise after a release: its errors as Cloud Monitoring counts them, and questions of our own."""

import os
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

import httpx2

from infra.refusal import Refused
from infra.releasing.smoke import ENGLISH, KOREAN, Target

MONITORING: Final = "https://monitoring.googleapis.com"
SERVICE: Final = "ion-router"
ALLOWED: Final = 0.01  # a release that burns ten times the budget of 99.9 % is taken back

Now = Callable[[], datetime]
Sleep = Callable[[float], object]


@dataclass(frozen=True, slots=True)
class Kept:
    """What was seen: answers and errors of our own questions, and of everybody's by Cloud Monitoring."""

    asked: int
    failed: int
    answers: int
    errors: int

    @property
    def wrong(self) -> str | None:
        """Why the promise is not kept, None if it is. Nobody's answers are no proof: then our own questions are."""
        if self.failed > max(1, ALLOWED * self.asked):
            return f"{self.failed} of {self.asked} questions of our own failed"
        if self.answers and self.errors / self.answers > ALLOWED:
            share = f"{self.errors / self.answers:.1%}, allowed {ALLOWED:.0%}"
            return f"{self.errors} of {self.answers} answers were errors ({share})"
        return None if self.asked else "nothing was asked"


@dataclass(frozen=True, slots=True)
class Monitoring:
    """Cloud Monitoring's counts of one project; `token` gives an access token."""

    client: httpx2.Client
    project: str
    token: Callable[[], str]
    url: str = MONITORING

    def requests(self, region: str, since: datetime, now: datetime) -> tuple[int, int]:
        """Answers of the router in a region, and errors among them; Refused if they cannot be had."""
        by_class = self._by_class(region, since, now)
        return sum(by_class.values()), by_class.get("5xx", 0)

    def _by_class(self, region: str, since: datetime, now: datetime) -> dict[str, int]:
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
        try:
            response = self.client.get(
                f"{self.url}/v3/projects/{self.project}/timeSeries",
                params=wanted,
                headers={"authorization": f"Bearer {self.token()}"},
            )
            response.raise_for_status()
            series = response.json().get("timeSeries", [])
        except (httpx2.HTTPError, ValueError) as error:
            raise Refused(f"Cloud Monitoring does not say how {region} is: {error}") from error
        counts: dict[str, int] = {}
        for one in series:
            name = one["metric"]["labels"]["response_code_class"]
            counts[name] = counts.get(name, 0) + sum(int(point["value"]["int64Value"]) for point in one["points"])
        return counts


def watch(target: Target, monitoring: Monitoring, for_s: float, every_s: float, *, now: Now, sleep: Sleep) -> Kept:
    """Asks the region so often for that long (seconds), then looks at what Cloud Monitoring counted."""
    began, asked, failed = now(), 0, 0
    until = began + timedelta(seconds=for_s)
    while now() < until:
        asked += 1
        failed += not _answered(target, KOREAN if asked % 2 else ENGLISH)
        sleep(every_s)
    answers, errors = monitoring.requests(target.region or "", began, now())
    return Kept(asked, failed, answers, errors)


def _answered(target: Target, text: str) -> bool:
    try:
        return target.ask(text).status_code == 200
    except httpx2.HTTPError:
        return False


def utc_now() -> datetime:
    """The time, in UTC."""
    return datetime.now(UTC)


def gcloud_token() -> str:
    """An access token of whoever is logged in to the Google Cloud CLI; Refused if nobody is."""
    try:
        done = subprocess.run(["gcloud", "auth", "print-access-token"], check=True, capture_output=True, text=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise Refused("gcloud auth print-access-token failed: gcloud auth login") from error
    return done.stdout.strip()


def monitoring_url() -> str:
    """Where Cloud Monitoring is; MONITORING_URL changes it."""
    return os.environ.get("MONITORING_URL", MONITORING)
