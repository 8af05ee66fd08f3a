"""The calls of the endpoints for people, built at the first of them."""

from ion_mentoring.handlers.api.user_calls import UserCalls
from ion_mentoring.handlers.api.user_export import UserExports
from ion_mentoring.settings.router import RouterSettings
from ion_mentoring.telemetry.events import EventLog
from ion_mentoring.wiring.answering import Answering
from ion_mentoring.wiring.privacy import erase_user, export_user, processors


def user_calls(settings: RouterSettings, built: Answering, log: EventLog) -> UserCalls:
    """The calls over the stores and caches of a router."""
    cache = built.answer.cache
    erase = erase_user(built.stores, lambda owner: cache.tiers.forget(cache.owner(owner)), log)
    exports = UserExports(export_user(built.stores), processors(settings.store, settings.models), log)
    return UserCalls(erase, exports)
