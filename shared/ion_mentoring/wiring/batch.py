"""The batch function: the items of a message are answered, and their results stored."""

from datetime import UTC, datetime

from ion_mentoring.handlers.web.events import Jobs, Work
from ion_mentoring.handlers.workers.batch import BatchWork, stored_view
from ion_mentoring.mentoring.batching import AnswerBatch
from ion_mentoring.telemetry.events import EventLog
from ion_mentoring.wiring.answering import Answering
from ion_mentoring.wiring.worker import WorkerFunction


class BatchFunction(WorkerFunction):
    """Works on `mentoring-batch`."""

    name = "batch"

    def work(self, built: Answering, log: EventLog, jobs: Jobs) -> Work:
        """Answers and stores."""
        return BatchWork(AnswerBatch(built.answer, built.stores.batches, log, lambda: datetime.now(UTC), stored_view))
