"""The erasure of people, built at its first call; the kinds of what is kept of them are listed here."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from ion_mentoring.mentoring.privacy.erase_user import EraseUser
from ion_mentoring.mentoring.privacy.kinds import PersonalKind
from ion_mentoring.telemetry.events import EventLog
from ion_mentoring.wiring.stores import Stores


def kinds(kept: Stores) -> tuple[PersonalKind, ...]:
    """The kinds, in the order in which they go. A store of people's things that is new gets a line here."""
    return (
        PersonalKind("sessions", kept.conversations.erase_holder),
        PersonalKind("batch_items", kept.submissions.erase),
        PersonalKind("results", kept.batches.erase),
        PersonalKind("ratings", kept.ratings.erase_holder),
        PersonalKind("profile", kept.profiles.erase_holder),
    )


def erase_user(kept: Stores, forget: Callable[[str], Awaitable[None]], log: EventLog) -> EraseUser:
    """The use case over these stores."""
    return EraseUser(kept.keyring, kept.erasures, kept.conversations, kinds(kept), forget, kept.settle, log, _now)


def _now() -> datetime:
    return datetime.now(UTC)
