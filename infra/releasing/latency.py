"""The latency of a region after a release, beside what it was and what became of the others' meanwhile."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from statistics import median
from typing import Final

from infra.releasing.cloud import Cloud

MONITORING: Final = "monitoring.googleapis.com"
BEFORE: Final = timedelta(hours=1)
GREW: Final = 1.5  # what a P95 of a few hundred answers does by chance stays below
BY_MS: Final = 100.0  # below that, nobody notices


def p95(cloud: Cloud, service: str, since: datetime, until: datetime) -> dict[str, float]:
    """The P95 of a service's answers (milliseconds) by region, of those that had any."""
    wanted = {
        "filter": f'metric.type="run.googleapis.com/request_latencies" AND resource.labels.service_name="{service}"',
        "interval.startTime": since.isoformat(timespec="seconds"),
        "interval.endTime": until.isoformat(timespec="seconds"),
        "aggregation.alignmentPeriod": f"{max(60, int((until - since).total_seconds()))}s",
        "aggregation.perSeriesAligner": "ALIGN_DELTA",
        "aggregation.crossSeriesReducer": "REDUCE_PERCENTILE_95",
        "aggregation.groupByFields": "resource.labels.location",
    }
    series = cloud.pages(MONITORING, f"v3/projects/{cloud.project}/timeSeries", "timeSeries", wanted)
    return {one["resource"]["labels"]["location"]: float(one["points"][0]["value"]["doubleValue"]) for one in series}


def slower(cloud: Cloud, service: str, region: str, others: Sequence[str], since: datetime, until: datetime) -> str | None:
    """A sentence if the region's P95 grew more since then than the others' did over the same time; None if it did not, or if
    nobody asked it. A vendor that is slow for all regions is no fault of a release."""
    then, now = p95(cloud, service, since - BEFORE, since), p95(cloud, service, since, until)
    if region not in then or region not in now:
        return None
    growths = [now[one] / then[one] for one in others if one in then and one in now and then[one] > 0]
    usual = max(1.0, median(growths)) if growths else 1.0
    if now[region] > GREW * usual * then[region] and now[region] - then[region] > BY_MS:
        beside = f", and the others' {usual:.1f} times as long" if growths else ""
        return f"its P95 went from {then[region]:.0f} to {now[region]:.0f} ms{beside}"
    return None
