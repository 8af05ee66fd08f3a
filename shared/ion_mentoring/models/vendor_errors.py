"""The mapping of a vendor's status, or of a reply that cannot be read, to one of our errors, alike for every vendor."""

import math
import time
from collections.abc import Callable, Mapping
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Final

import httpx2
from pydantic_core import from_json

from ion_mentoring.errors import ModelBusy, ModelFiltered, ModelMisused, ModelRefused, ModelUnavailable

BUSY_S: Final = 2.0  # limits by the minute let the next request in after about so long
LONGEST_BUSY_S: Final = 3_600.0  # after this it is worth asking again, whatever the vendor said

TOO_LONG: Final = "too long"  # kinds of a refusal, as they stand in reasons
FILTERED: Final = "filtered"

BROKE_OFF: Final = "broke off"  # what became of a reply that cannot be read: only a part of it came
MALFORMED: Final = "malformed"  # or all of it, and it is none
DROPPED: Final = (httpx2.ReadError, httpx2.WriteError, httpx2.RemoteProtocolError)


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


def failed(name: str, error: httpx2.HTTPError) -> ModelUnavailable:
    """The error of a request on whose way something failed: its connection broke off, or was none."""
    kind = type(error).__name__
    return broken(name, f"{BROKE_OFF}, {kind}" if isinstance(error, DROPPED) else kind)


def unreadable(name: str, text: str | bytes, what: str = "") -> ModelUnavailable:
    """The error of a reply whose JSON cannot be read: it broke off, or is malformed; `what` says more in words of ours."""
    kind = BROKE_OFF if breaks_off(text) else MALFORMED
    return broken(name, f"{kind}, {what}" if what else kind)


def breaks_off(text: str | bytes) -> bool:
    """True for the beginning of some JSON, be it empty; False for what is whole, and for what no JSON begins with."""
    if not text.strip():
        return True
    try:
        from_json(text)
    except ValueError:
        return _begins(text)
    return False


def _begins(text: str | bytes) -> bool:
    try:
        from_json(text, allow_partial="trailing-strings")
    except ValueError:
        return False
    return True


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
