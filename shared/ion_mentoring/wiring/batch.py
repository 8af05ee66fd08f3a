"""The batch function: the items of a message are answered, and their results stored."""

import time
from datetime import timedelta

from ion_mentoring.handlers.web.events import EventEndpoints, Jobs
from ion_mentoring.handlers.workers.batch import BatchWork, stored_view
from ion_mentoring.handlers.workers.submitted import submitted_item
from ion_mentoring.mentoring.batching.direct import AnswerBatch
from ion_mentoring.mentoring.batching.items import AnswerItems
from ion_mentoring.mentoring.batching.lane_work import WorkOnLane
from ion_mentoring.mentoring.privacy.sweep import SweepStore
from ion_mentoring.telemetry.events import EventLog
from ion_mentoring.wiring import basics
from ion_mentoring.wiring.answering import Answering
from ion_mentoring.wiring.batches import batch_parts, now, tell_end
from ion_mentoring.wiring.worker import WorkerFunction


class BatchFunction(WorkerFunction):
    """Works on `mentoring-batch`."""

    name = "batch"

    def work(self, built: Answering, log: EventLog, jobs: Jobs) -> EventEndpoints:
        """Answers and stores."""
        settings, kept = self.settings.batches, built.stores
        items = AnswerItems(built.answer, kept.batches, log, now, stored_view)
        parts = batch_parts(settings, self.settings.publishing, kept, log)
        held = timedelta(seconds=settings.batch_lease_s)
        lane = WorkOnLane(items, kept.submissions, parts.fanout, parts.end, submitted_item, basics.new_id, held)
        sweep = SweepStore(kept.sweep, log, time.monotonic)
        work = BatchWork(AnswerBatch(items), lane, tell_end(settings, parts, kept, log), parts.fanout, jobs, sweep)
        return EventEndpoints(work, work.bury)
