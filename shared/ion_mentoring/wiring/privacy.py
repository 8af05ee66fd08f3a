"""The erasure and the export of people, built at the first call; the kinds of what is kept of them are listed here."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from urllib.parse import urlsplit

from ion_mentoring.mentoring.privacy.erase_user import EraseUser
from ion_mentoring.mentoring.privacy.export_user import ExportUser
from ion_mentoring.mentoring.privacy.kinds import PersonalKind
from ion_mentoring.mentoring.privacy.reading import Reading
from ion_mentoring.records.conversations.whole import WholeConversations
from ion_mentoring.settings.models import ModelChoice
from ion_mentoring.settings.store import Store
from ion_mentoring.telemetry.events import EventLog
from ion_mentoring.wiring.stores import Stores


def kinds(kept: Stores) -> tuple[PersonalKind, ...]:
    """The kinds, in the order in which they go. A store of people's things that is new gets a line here."""
    read = Reading(kept.keyring)
    return (
        PersonalKind("sessions", kept.conversations.erase_holder, WholeConversations(kept.stored, kept.keyring)),
        PersonalKind("batch_items", kept.submissions.erase, read.held(kept.submissions.held)),
        PersonalKind("results", kept.batches.erase, read.held(kept.batches.held)),
        PersonalKind("ratings", kept.ratings.erase_holder, read.ratings(kept.ratings)),
        PersonalKind("profile", kept.profiles.erase_holder, read.profile(kept.profiles)),
        PersonalKind("exposures", kept.exposures.erase_holder, read.exposures(kept.exposures)),
        PersonalKind("costs", None, read.costs(kept.ledger)),
        PersonalKind("erasures", None, read.erasures(kept.erasures)),
    )


def erase_user(kept: Stores, forget: Callable[[str], Awaitable[None]], log: EventLog) -> EraseUser:
    """The use case over these stores."""
    return EraseUser(kept.keyring, kept.erasures, kept.conversations, kinds(kept), forget, kept.settle, log, _now)


def export_user(kept: Stores) -> ExportUser:
    """The use case over these stores."""
    return ExportUser(kinds(kept))


def processors(store: Store, models: ModelChoice) -> tuple[tuple[str, str], ...]:
    """The others who process what people write, as settings say: a name in the table of processors, and which one that is."""
    cloud = (("google_cloud", urlsplit(store.store).netloc),) if store.store.startswith("firestore://") else ()
    vendors = ((one.vendor, one.model if one.vendor == "gemini" else urlsplit(one.url or "").netloc) for one in models.vendors)
    return (*cloud, *vendors)


def _now() -> datetime:
    return datetime.now(UTC)
