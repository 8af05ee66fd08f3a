"""Reports of an instance to Sentry: processor time ends with a request, so a request waits until they are sent, seldom.

The client is imported when something is sent for the first time, in a thread, and costs no cold start.
"""

import asyncio
import atexit
import random
import threading
import time
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from contextvars import ContextVar
from typing import Final, NamedTuple

from ion_mentoring.telemetry import trace
from ion_mentoring.telemetry.counters import Counters
from ion_mentoring.telemetry.events import REQUEST_ID
from ion_mentoring.telemetry.product import ProductEvent, RoutingDecisionEvent

EVERY_S: Final = 10.0
FLUSH_S: Final = 0.3
AT_THE_END_S: Final = 2.0
MOST_WAITING: Final = 200  # errors and events each; of what comes beyond them only the counts go out
SAMPLED: Final = 0.01  # of the events that are as they should be; of the others all
LOUD: Final = ("WARNING", "ERROR")
PERSONA: Final[ContextVar[str]] = ContextVar("persona", default="")

Tags = dict[str, str]


class Destination(NamedTuple):
    """The project of Sentry, and what every function of this process says of itself."""

    dsn: str
    environment: str
    region: str
    release: str


class CheckIn(NamedTuple):
    """A job's beginning (`in_progress`) or end (`ok`, `error`); both have one id."""

    slug: str
    schedule: str
    id: str
    status: str


class SentryReports:
    """An outlet for one function's events and errors. `now` is a monotonic clock in seconds, `chance` draws from [0, 1)."""

    def __init__(
        self,
        destination: Destination,
        function: str,
        *,
        now: Callable[[], float] = time.monotonic,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._destination = destination
        self._tags = {"function": function, "region": destination.region}
        self._now = now
        self._chance = chance
        self._counters = Counters()
        self._events: list[tuple[ProductEvent, Tags]] = []
        self._errors: list[tuple[BaseException, Tags]] = []
        self._check_ins: list[CheckIn] = []
        self._sending = threading.Lock()
        self._flush_at = now() + EVERY_S
        atexit.register(self.close)

    def __call__(self, event: ProductEvent) -> None:
        """Counts an event, and keeps some of them to be sent whole."""
        self._counters(event)
        if isinstance(event, RoutingDecisionEvent):
            PERSONA.set(event.persona)
        if (self._chance() < SAMPLED or event.severity in LOUD) and len(self._events) < MOST_WAITING:
            self._events.append((event, self._tagged()))

    async def capture(self, error: BaseException) -> None:
        """Keeps one error, with tags of its own; it is sent with the next flush, which may be now."""
        if len(self._errors) < MOST_WAITING:
            self._errors.append((error, self._tagged()))
        await self.flush()

    def due(self) -> bool:
        """True if it is time to send what there is."""
        return self._now() >= self._flush_at

    async def flush(self) -> None:
        """Sends what there is if it is time, and waits for that for `FLUSH_S` at most; the rest goes on by itself."""
        if not self.due():
            return
        self._flush_at = self._now() + EVERY_S
        await asyncio.wait((asyncio.ensure_future(asyncio.to_thread(self._send, FLUSH_S)),), timeout=FLUSH_S)

    @asynccontextmanager
    async def job(self, name: str, schedule: str) -> AsyncIterator[None]:
        """A job that runs as `schedule` (cron) says: that it began, and how it ended, is told to its monitor in this region."""
        began = CheckIn(f"{name}-{self._destination.region}", schedule, uuid.uuid4().hex, "in_progress")
        self._check_ins.append(began)
        ended = "error"
        try:
            yield
            ended = "ok"
        finally:
            self._check_ins.append(began._replace(status=ended))

    def ending(self) -> None:
        """Sends what there is in a thread of its own: the process was told to end, and has some seconds left."""
        threading.Thread(target=self._send, args=(AT_THE_END_S,), daemon=True).start()

    def close(self) -> None:
        """Sends what there is, and waits for that for `AT_THE_END_S` at most; for what is being sent already twice as long."""
        if self._errors or self._events or self._check_ins or self._counters:
            self._send(AT_THE_END_S)
        elif self._sending.acquire(timeout=2 * AT_THE_END_S):
            self._sending.release()

    def _tagged(self) -> Tags:
        """The tags of what happens now."""
        current, persona = trace.CURRENT.get(), PERSONA.get()
        tags = {**self._tags, "request_id": REQUEST_ID.get()}
        if current:
            tags["trace_id"] = current.trace_id
        return {**tags, "persona": persona} if persona else tags

    def _send(self, seconds: float) -> None:
        with self._sending:
            from ion_mentoring.telemetry import sentry

            sentry.start(*self._destination)
            errors, self._errors = self._errors, []
            events, self._events = self._events, []
            check_ins, self._check_ins = self._check_ins, []
            for check_in in check_ins:
                sentry.check_in(*check_in)
            for error, tags in errors:
                sentry.send_error(error, tags)
            for event, tags in events:
                sentry.send_event(event, tags)
            sentry.send_sums(self._counters.take(), self._tags)
            sentry.flush(seconds)
