"""One connection of the web server: uvicorn's own, bounded in what it takes and in how long it waits, with our error form."""

import asyncio
from collections.abc import Callable
from typing import Any, Final

import httptools
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from ion_mentoring.catalogue.texts import preferred
from ion_mentoring.errors import HeadTooLarge, MalformedRequest, MentoringError, Overloaded
from ion_mentoring.handlers.web.responses import error_form, json_response

HEAD_BYTES: Final = 32 * 1024
HEAD_FIELDS: Final = 100
HEAD_WITHIN_S: Final = 10.0
IDLE_S: Final = 60.0
REQUEST_BYTES: Final = 16 * 1024 * 1024  # on the wire: far beyond the largest body in the smallest chunks
BODY_AFTER_STOP_S: Final = 1.0

Tell = Callable[..., None]


class Connection(HttpToolsProtocol):
    """Refuses what is too large, malformed, or beyond `most` connections, and closes what keeps it waiting.

    `tell` hears what was refused before it was a request, by its code.
    """

    def __init__(self, *arguments: Any, most: int, new_id: Callable[[], str], tell: Tell, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.timeout_keep_alive = IDLE_S  # type: ignore[assignment]  # seconds, and uvicorn passes them on as they are
        self._most = most
        self._new_id = new_id
        self._tell = tell
        self._deaf = False
        self._head_open = False
        self._in_request = False
        self._request_bytes = 0
        self._bytes_since_body = 0
        self._why: MentoringError | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begins to wait for a request, if there is room."""
        super().connection_made(transport)
        if len(self.connections) > self._most:
            self._refuse(Overloaded("connections", retry_after_s=1))
        else:
            self._wait(IDLE_S)

    def connection_lost(self, exc: Exception | None) -> None:
        """Waits for nothing any more."""
        self._unset_keepalive_if_required()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Reads on. Time is measured from the beginning of a head, not from its last byte."""
        if self._deaf:
            return
        self._request_bytes += len(data)
        self._bytes_since_body += len(data)
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            self._end_with_this_answer()  # answered as the plain request that it is, too
        except httptools.HttpParserError:
            self._refuse(self._why or MalformedRequest("not HTTP"))
        else:
            if self._head_open and self.timeout_keep_alive_task is None:
                self._wait(HEAD_WITHIN_S)  # nearly every head comes whole, and needs no timer
            self._bound()

    def _bound(self) -> None:
        if self._head_open and self._request_bytes > HEAD_BYTES:
            self._refuse(HeadTooLarge("bytes"))
        elif self._in_request and self._bytes_since_body > HEAD_BYTES:
            self._refuse(HeadTooLarge("trailer"))
        elif self._request_bytes > REQUEST_BYTES:
            self._give_up()

    def on_message_begin(self) -> None:
        """A request begins. What came before it in the same piece is not its own, so only later pieces count."""
        super().on_message_begin()
        self._head_open = self._in_request = True
        self._request_bytes = self._bytes_since_body = 0
        self._unset_keepalive_if_required()

    def on_header(self, name: bytes, value: bytes) -> None:
        """One more field of the head. Those of a trailer are dropped: whoever put them there stands behind no proxy's words."""
        if not self._head_open:
            return
        if len(self.headers) >= HEAD_FIELDS:
            self._why = HeadTooLarge("fields")
            raise self._why
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Begins to answer, unless the head as a whole is too large."""
        self._head_open = False
        self._unset_keepalive_if_required()
        if len(self.url) + sum(len(name) + len(value) + 4 for name, value in self.headers) > HEAD_BYTES:
            self._why = HeadTooLarge("bytes")
            raise self._why
        if self.url == b"*":
            self.url = b"/*"  # `OPTIONS *` asks the server as a whole: to us a path that nobody lives at
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Takes a piece of the body; what comes long after the last one is a trailer without end."""
        self._bytes_since_body = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Ends a request; what comes now is another one, or none."""
        self._in_request = False
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """Waits for the next request, or on for the head that has begun."""
        super().on_response_complete()
        if self._head_open and not self.transport.is_closing():
            self._wait(HEAD_WITHIN_S)

    def timeout_keep_alive_handler(self) -> None:
        """Closes what kept us waiting; while an answer is under way, it is we who do not read on."""
        if self._answering():
            self._wait(HEAD_WITHIN_S)
        else:
            super().timeout_keep_alive_handler()

    def shutdown(self) -> None:
        """Lets an answer end, and does not wait for a body that does not come."""
        super().shutdown()
        if self._answering() and self.cycle.more_body:
            self.loop.call_later(BODY_AFTER_STOP_S, self._stop_waiting)

    def _stop_waiting(self) -> None:
        if self._answering() and self.cycle.more_body and not self.cycle.response_started and not self.pipeline:
            self._give_up()

    def _answering(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def _wait(self, seconds: float) -> None:
        self._unset_keepalive_if_required()
        self.timeout_keep_alive_task = self.loop.call_later(seconds, self.timeout_keep_alive_handler)

    def _refuse(self, error: MentoringError) -> None:
        """The error in our form, and the end; where an answer is under way for a whole request, that one comes first."""
        self._tell("connection_refused", code=error.code, status=error.status, reason=str(error))
        if self._answering() and (self.cycle.response_started or not self.cycle.more_body):
            self._end_with_this_answer()
            return
        self.transport.write(self._refusal(error))
        self._give_up()

    def _refusal(self, error: MentoringError) -> bytes:
        request_id = self._new_id()
        language = dict(self.headers or ()).get(b"accept-language", b"").decode("latin-1")
        said = json_response(error_form(error, preferred(language), request_id), error.status)
        said.raw_headers += [(b"x-request-id", request_id.encode()), (b"connection", b"close")]
        if error.retry_after_s:
            said.raw_headers.append((b"retry-after", b"%d" % error.retry_after_s))
        head = b"".join(b"%b: %b\r\n" % field for field in said.raw_headers)
        asked = self.parser.get_method() if self._in_request and self.url else b""
        body = b"" if asked == b"HEAD" else bytes(said.body)
        return STATUS_LINE[error.status] + head + b"\r\n" + body

    def _end_with_this_answer(self) -> None:
        self._deaf = True
        if self.cycle is not None:
            self.cycle.keep_alive = False

    def _give_up(self) -> None:
        """Closes the connection; whoever waits for more of a request hears that its client is gone."""
        self._deaf = True
        self._unset_keepalive_if_required()
        if self._answering():
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        self.transport.close()
