"""The failures that a server's refusals are, by status."""

from typing import Any, Final

import httpx2

from ion_cli.failure import Exit, Failure, unreachable
from ion_cli.printable import printable_line
from ion_cli.texts import text

EXITS: Final = {
    400: Exit.REFUSED,
    401: Exit.FORBIDDEN,
    403: Exit.FORBIDDEN,
    404: Exit.NOT_FOUND,
    405: Exit.NOT_FOUND,
    408: Exit.LATER,
    409: Exit.CONFLICT,
    410: Exit.NOT_FOUND,
    413: Exit.REFUSED,
    415: Exit.REFUSED,
    421: Exit.REFUSED,
    422: Exit.REFUSED,
    429: Exit.LATER,
    431: Exit.REFUSED,
    502: Exit.LATER,
    503: Exit.LATER,
    504: Exit.LATER,
}


def refusal(response: httpx2.Response) -> Failure:
    """The failure that a read response is."""
    form = _object(response)
    error = form.get("error")
    if not isinstance(error, dict) or not isinstance(error.get("code"), str):
        return _foreign(response)
    return refused(response.status_code, form, _seconds(response.headers.get("retry-after")))


def refused(status: int | None, form: dict[str, Any], retry_after_s: float | None = None) -> Failure:
    """The failure that an error form is; a stream's comes without a status."""
    error = form["error"]
    code = error["code"]
    exit_code = EXITS.get(status or _status_of(code), Exit.BROKEN)
    if code == "IN_PROGRESS":
        exit_code = Exit.LATER
    details = error.get("details") or {}
    if retry_after_s is None and isinstance(details, dict):
        retry_after_s = _seconds(details.get("retry_after_s"))
    message = printable_line(error.get("message") or code)
    return Failure(exit_code, code, message, error=error, request_id=form.get("request_id"), retry_after_s=retry_after_s)


def json_of(response: httpx2.Response) -> Any:
    """The JSON of a good response."""
    try:
        return response.json()
    except ValueError as error:
        raise _foreign(response) from error


def _foreign(response: httpx2.Response) -> Failure:
    """A response that is not in our form: a proxy's, or no set at all."""
    url, status = str(response.request.url.copy_with(query=None)), response.status_code
    if EXITS.get(status) is Exit.LATER:
        return Failure(Exit.LATER, "UNAVAILABLE", text("refused.proxy", status=status))
    return unreachable("NOT_A_SET", "refused.foreign", url=url, status=status)


def _object(response: httpx2.Response) -> dict[str, Any]:
    try:
        found = response.json()
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _seconds(sent: Any) -> float | None:
    """A time in seconds; None for a date, which no set of ours sends."""
    try:
        return max(0.0, float(sent))
    except (TypeError, ValueError):
        return None


def _status_of(code: str) -> int:
    return {"RATE_LIMITED": 429, "BUDGET_EXHAUSTED": 429, "INTERNAL_ERROR": 500}.get(code, 503)
