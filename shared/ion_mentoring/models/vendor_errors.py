"""The mapping of a vendor's HTTP status to one of our errors, alike for every vendor."""

import math
import time
from collections.abc import Callable, Mapping
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Final

from ion_mentoring.errors import ModelBusy, ModelFiltered, ModelMisused, ModelRefused, ModelUnavailable

BUSY_S: Final = 2.0  # limits by the minute let the next request in after about so long
LONGEST_BUSY_S: Final = 3_600.0  # after this it is worth asking again, whatever the vendor said

TOO_LONG: Final = "too long"  # kinds of a refusal, as they stand in reasons
FILTERED: Final = "filtered"


def status_error(name: str, status: int, *, kind: str = "", wait_s: float | None = None) -> ModelUnavailable:
    """The error of a response of the model `name` with a status that is not 200.

    `kind` says more in words of ours (never of the body's); `wait_s` is what the vendor asked us to wait, None if nothing.
    What the status alone does not tell (a refusal, a quota) is the adapter's to find out before.
    """
    reason = f"{name}: {status} {kind}".rstrip()
    if status == 429 or (status == 503 and wait_s is not None):
        return ModelBusy(reason, retry_after_s=BUSY_S if wait_s is None else wait_s)
    if status == 413:
        return ModelRefused(reason)
    if 300 <= status < 500 and status != 408:
        return ModelMisused(reason)
    return ModelUnavailable(reason)


def refused(name: str, kind: str) -> ModelRefused:
    """The error of a model that works and will not answer this."""
    error = ModelFiltered if kind == FILTERED else ModelRefused
    return error(f"{name}: refused, {kind}")


def broken(name: str, what: str) -> ModelUnavailable:
    """The error of a model that did not do its part; `what` in words of ours."""
    return ModelUnavailable(f"{name}: {what}")


def retry_after_s(headers: Mapping[str, str], now: Callable[[], float] = time.time) -> float | None:
    """The seconds that a response asks to wait, by `retry-after-ms` or `retry-after` (seconds or a date), at most an hour.

    None where it says nothing, nothing readable, or a moment that is over. `now` is in unix seconds; names of headers are
    looked up in lower case.
    """
    for seconds in (_milliseconds(headers.get("retry-after-ms")), _seconds(headers.get("retry-after"), now)):
        if seconds is not None and seconds > 0:
            return min(seconds, LONGEST_BUSY_S)
    return None


def _milliseconds(text: str | None) -> float | None:
    number = _number(text)
    return None if number is None else number / 1_000


def _seconds(text: str | None, now: Callable[[], float]) -> float | None:
    number = _number(text)
    if text is None or number is not None:
        return number
    try:
        at = parsedate_to_datetime(text)
    except (ValueError, OverflowError):  # no date, or one that no calendar has
        return None
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp() - now()


def _number(text: str | None) -> float | None:
    try:
        number = float(text or "")
    except ValueError:
        return None
    return number if math.isfinite(number) else None
