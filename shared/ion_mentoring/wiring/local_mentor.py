"""A mentor of this process: a card and the models that the settings name."""

from ion_mentoring.mentoring.mentor import LocalMentor
from ion_mentoring.personas.card import Card
from ion_mentoring.personas.contract import Mentor
from ion_mentoring.settings import ModelChoice
from ion_mentoring.telemetry.events import EventLog
from ion_mentoring.wiring.models import model


def local_mentor(card: Card, models: ModelChoice, log: EventLog) -> Mentor:
    """The persona of a card, answering here."""
    return LocalMentor(card, model(models.model), model(models.fallback_model), log, timeout_s=models.model_timeout_s)
