"""The calls of the router's endpoints for flags, built at the first of them."""

from datetime import UTC, datetime

from ion_mentoring.handlers.api.flag_calls import FlagCalls
from ion_mentoring.mentoring.flagging.turn_flags import TurnFlags
from ion_mentoring.telemetry.events import EventLog
from ion_mentoring.wiring.answering import Answering


def flag_calls(built: Answering, unverified_s: float, log: EventLog) -> FlagCalls:
    """The calls of the endpoints."""
    turn = TurnFlags(built.stores.flags, built.flags, built.caches.answers.invalidate, log, lambda: datetime.now(UTC))
    return FlagCalls(turn, unverified_s)
