"""The calls of the endpoints for people, built at the first of them."""

from ion_mentoring.handlers.api.user_calls import UserCalls
from ion_mentoring.handlers.api.user_export import UserExports
from ion_mentoring.settings.router import RouterSettings
from ion_mentoring.telemetry.events import EventLog
from ion_mentoring.wiring.answering import Answering
from ion_mentoring.wiring.privacy import erase_user, export_user, processors


def user_calls(settings: RouterSettings, built: Answering, log: EventLog) -> UserCalls:
    """The calls over the stores and caches of a router."""
    cache, consents = built.answer.cache, built.answer.consents

    async def forget(owner: str) -> None:
        if consents:
            consents.forget(owner)
        await cache.tiers.forget(cache.owner(owner))

    erase = erase_user(built.stores, forget, log)
    exports = UserExports(export_user(built.stores), processors(settings.store, settings.models), log)
    return UserCalls(erase, exports)
