"""Errors that nobody foresaw, sent to Sentry by hand: its own integrations do nothing on this runtime.

No person's words leave: no request bodies, no local variables, no messages of exceptions, no breadcrumbs.
"""

import asyncio
from typing import TYPE_CHECKING

import sentry_sdk

from ion_mentoring.telemetry.events import REQUEST_ID

if TYPE_CHECKING:
    from sentry_sdk.types import Event, Hint

FLUSH_S = 0.3  # processor time ends with the request, so what is to be sent is sent before


class SentryReports:
    """Sends errors of one function, each within `FLUSH_S` seconds or not at all."""

    def __init__(self, dsn: str, *, function: str, environment: str, region: str, release: str) -> None:
        self._tags = {"function": function, "region": region}
        sentry_sdk.init(
            dsn=dsn,
            environment=environment,
            release=release,
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
            before_send=without_words,
        )

    async def capture(self, error: Exception) -> None:
        """Sends one error, with tags of its own that do not stay for the next."""
        with sentry_sdk.new_scope() as scope:
            scope.set_tags({**self._tags, "request_id": REQUEST_ID.get()})
            scope.capture_exception(error)
        await asyncio.to_thread(sentry_sdk.flush, FLUSH_S)


def without_words(event: "Event", _hint: "Hint") -> "Event":
    """An event without the messages of its exceptions: those may quote what a person wrote."""
    for error in event.get("exception", {}).get("values", []):
        error["value"] = ""
    return event
