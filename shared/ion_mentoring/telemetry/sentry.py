"""Sentry: errors, sums, sampled events and check-ins, sent by hand, since its own integrations do nothing on this runtime.

No person's words leave: no request bodies, no local variables, no messages of exceptions, no breadcrumbs. Nothing here is
asynchronous; `reporting.py` decides when it is called, and imports it no sooner.
"""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import sentry_sdk
from sentry_sdk import logger, metrics
from sentry_sdk.crons import capture_checkin

from ion_mentoring.masking.mask import masked_values
from ion_mentoring.telemetry.counters import LABELS, SUMMED, Sum, Sums
from ion_mentoring.telemetry.product import ProductEvent

if TYPE_CHECKING:
    from sentry_sdk.types import Event, Hint, MonitorConfig

_WORDS: Final = re.compile(r"(?<!^)(?=[A-Z][a-z])")
_SAY: Final = {"DEBUG": logger.debug, "INFO": logger.info, "WARNING": logger.warning, "ERROR": logger.error}


@lru_cache(maxsize=1)
def start(dsn: str, environment: str, region: str, release: str) -> None:
    """Starts the client, one for all functions of this process."""
    sentry_sdk.init(
        dsn=dsn,
        environment=environment,
        release=release,
        server_name=region,  # else each item carries the name of a container that nobody will ever look for
        auto_enabling_integrations=False,
        default_integrations=False,
        data_collection={
            "user_info": False,
            "http_bodies": [],
            "cookies": {"mode": "off"},
            "url_query_params": {"mode": "off"},
            "http_headers": {"request": {"mode": "off"}},
            "stack_frame_variables": False,
        },
        max_breadcrumbs=0,
        enable_logs=True,
        before_send=without_words,
    )


def send_error(error: BaseException, tags: Mapping[str, str]) -> None:
    """Sends one error, with tags of its own that do not stay for the next."""
    with sentry_sdk.new_scope() as scope:
        scope.set_tags(tags)
        scope.capture_exception(error)


def send_sums(sums: Sums, tags: Mapping[str, str]) -> None:
    """Sends what was counted: for each series its count, the P50 and P95 of its times, and the sums of its fields."""
    for (kind, values), found in sums.items():
        name = f"ion.{_WORDS.sub('_', kind.__name__.removesuffix('Event')).lower()}"
        _send_sum(name, found, SUMMED.get(kind, ()), {**tags, **dict(zip(LABELS[kind], values, strict=True))})


def _send_sum(name: str, found: Sum, added: Sequence[str], attributes: dict[str, Any]) -> None:
    metrics.count(name, found.count, attributes=attributes)
    for share, percent in ((0.5, "p50"), (0.95, "p95")):
        if (ms := found.percentile(share)) is not None:
            metrics.gauge(f"{name}.{percent}", ms, unit="millisecond", attributes=attributes)
    for field, value in zip(added, found.sums, strict=True):
        if value:
            metrics.count(f"{name}.{field}", value, attributes=attributes)


def send_event(event: ProductEvent, tags: Mapping[str, str]) -> None:
    """Sends an event as a line of Sentry's log."""
    facts = dict(zip(event._fields, event, strict=True))
    said = {name: value if isinstance(value, str | int | float) else str(value) for name, value in facts.items()}
    _SAY[event.severity](type(event).__name__, attributes={**tags, **said})


def check_in(slug: str, schedule: str, check_in_id: str, status: str) -> None:
    """Tells that a job began, ended well or failed (`in_progress`, `ok`, `error`); makes its monitor."""
    config: MonitorConfig = {"schedule": {"type": "crontab", "value": schedule}, "checkin_margin": 30, "max_runtime": 60}
    capture_checkin(slug, check_in_id, status, monitor_config=config)


def flush(seconds: float) -> None:
    """Waits until everything is sent, so many seconds at most."""
    sentry_sdk.flush(seconds)


def without_words(event: "Event", _hint: "Hint") -> "Event":
    """An event without the messages of its exceptions, and with masked tags: both may quote what a person wrote."""
    for error in event.get("exception", {}).get("values", []):
        error["value"] = ""
    event["tags"] = masked_values(event.get("tags", {}))
    return event
