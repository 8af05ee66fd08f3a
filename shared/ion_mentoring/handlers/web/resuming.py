"""A stream on record for a client that may have heard some of it: its rest, or a new one."""

from collections.abc import Awaitable, Callable

from ion_mentoring.caching.stream_logs import KEPT_S
from ion_mentoring.errors import StoreUnavailable
from ion_mentoring.handlers.web.call import Bound
from ion_mentoring.handlers.web.event_stream import Emit, EventRun, Events
from ion_mentoring.handlers.web.stream_recorder import StreamRecorder, Work

Erased = Callable[[], Awaitable[float]]  # when whoever asks was erased last, in Unix seconds


async def may_resume(last_event_id: str | None, erased: Erased, now: float) -> str | None:
    """The id to go on from; None where whoever asks was erased since a stream may have begun, or nobody can tell."""
    if not last_event_id:
        return None
    try:
        return None if now - await erased() <= KEPT_S else last_event_id
    except StoreUnavailable:
        return None


async def resumed(recorder: StreamRecorder, work: Work, owner: str, last_event_id: str | None, bound: Bound) -> Events | None:
    """The events of `work`; with the id of the last event of an owner's stream, its rest.

    Where that is not to be had, the work begins anew; with the id of a stream's end, None: there are no events.
    """
    if not last_event_id:
        return recorder.record(work, owner, bound).follow()
    if await recorder.heard(last_event_id, owner):
        return None
    if events := recorder.under_way(last_event_id, owner):
        return events

    async def rest_or_anew(emit: Emit) -> None:
        if not await recorder.rest(last_event_id, owner, emit):
            await recorder.record(work, owner, bound).join(emit)

    return EventRun(lambda emit: bound(rest_or_anew(emit))).follow()
