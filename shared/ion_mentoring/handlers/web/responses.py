"""Responses and the one error form, in JSON, UTF-8."""

from datetime import UTC, datetime
from typing import Any, Final

from pydantic_core import to_json
from starlette.responses import Response

from ion_mentoring.catalogue.texts import localized
from ion_mentoring.errors import MentoringError
from ion_mentoring.handlers.web.security_headers import DATA
from ion_mentoring.masking.mask import masked, masked_values
from ion_mentoring.telemetry.timestamps import Timestamps

_HEADERS: Final = (
    (b"content-type", b"application/json"),
    (b"cache-control", b"no-store"),
    *((name.encode(), value.encode()) for name, value in DATA.items()),
)

_NOW: Final = Timestamps(zone="Z")


def json_response(body: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """A JSON response that nobody on the way may keep."""
    response = json_bytes(to_json(body), status)
    if headers:
        response.headers.update(headers)
    return response


def json_bytes(body: bytes, status: int = 200) -> Response:
    """The same for what is JSON already."""
    return _Json(body, status)


class _Json(Response):
    """A response whose headers are as they are sent from the beginning."""

    def __init__(self, body: bytes, status: int) -> None:
        self.status_code = status
        self.background = None
        self.body = body
        self.raw_headers = [*_HEADERS, (b"content-length", b"%d" % len(body))]


def timestamp(now: datetime | None = None) -> str:
    """The time in UTC as `2026-11-23T01:02:03.456Z`."""
    return now.astimezone(UTC).isoformat(timespec="milliseconds")[:-6] + "Z" if now else _NOW()


def error_form(error: MentoringError, language: str, request_id: str) -> dict[str, Any]:
    """The error form of v2."""
    return {
        "success": False,
        "error": {
            "code": error.code,
            "message": message(error, language),
            "field": error.field and masked(error.field),
            "details": masked_values(error.details) if error.details else {},
        },
        "request_id": request_id,
        "timestamp": timestamp(),
    }


def last_resort(request_id: str) -> Response:
    """The response where an error could not even be told: the error form, from nothing that was sent."""
    return json_response(error_form(MentoringError(), "en", request_id), MentoringError.status)


def v1_error_form(error: MentoringError, language: str, _request_id: str) -> dict[str, Any]:
    """The error form of v1: a text, or for a field that breaks its rule a list of one entry, as the monolith wrote it."""
    text = message(error, language)
    if error.field is None or error.status != 422:
        return {"detail": text}
    return {"detail": [{"loc": ["body", *masked(error.field).split(".")], "msg": text, "type": error.code.lower()}]}


def message(error: MentoringError, language: str) -> str:
    """The text of an error for people; its inner reason stays in the log."""
    return localized(f"error.{error.code}", language, field=masked(error.field or ""))
