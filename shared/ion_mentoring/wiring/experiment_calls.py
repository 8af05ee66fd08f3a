"""The calls of the router's endpoints for experiments, built at the first of them."""

from ion_mentoring.handlers.api.experiment_calls import ExperimentCalls
from ion_mentoring.wiring.answering import Answering


def experiment_calls(built: Answering, unverified_s: float) -> ExperimentCalls:
    """The calls of the endpoints."""
    return ExperimentCalls(built.guard.run, built.guard, built.experiments.gathered.send, unverified_s)
