"""A stream on record for a client that may have heard some of it: its rest, or a new one."""

from ion_mentoring.handlers.web.call import Bound
from ion_mentoring.handlers.web.event_stream import Emit, EventRun, Events
from ion_mentoring.handlers.web.stream_recorder import StreamRecorder, Work


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
