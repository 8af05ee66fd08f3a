"""The message about warm caches, and its work."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated, Any, Final

from msgspec import Struct
from msgspec.structs import asdict
from pydantic import ConfigDict, Field

from ion_mentoring.handlers.contract.requests import Name
from ion_mentoring.handlers.web.bodies import Body
from ion_mentoring.handlers.web.events import Event, Jobs
from ion_mentoring.handlers.web.validation import parse
from ion_mentoring.mentoring.warming.renewals import SealedQuestions
from ion_mentoring.mentoring.warming.warm_caches import Scope, WarmCaches

SCHEDULE: Final = "0 */12 * * *"  # of the scheduler in infra/terraform/modules/region/messages.tf


class WarmingMessage(Body):
    """The caches to warm: a scope, or one answer that is known and too old, as a sealed question."""

    model_config = ConfigDict(strict=False)

    scope: Scope = "popular"
    renew: Annotated[str, Field(max_length=64_000)] | None = None
    personas: Annotated[tuple[Name, ...], Field(max_length=50)] = ()


class WarmingWork(Struct, frozen=True):
    """Warms what a message asks for; with the scheduler's, `count` counts what everybody's ratings say."""

    warm: WarmCaches
    sealed: SealedQuestions | None
    count: Callable[[], Awaitable[object]]
    jobs: Jobs

    async def __call__(self, event: Event) -> Mapping[str, Any]:
        """The count of entries that were filled."""
        message = parse(WarmingMessage, event.data)
        if message.renew is not None:
            ask = self.sealed.open(message.renew) if self.sealed else None
            return {"renewed": await self.warm.renew(ask) if ask else "refused"}
        if message.personas:
            return asdict(await self.warm(message.scope, message.personas))
        async with self.jobs.job("cache-warming", SCHEDULE):  # such a message is the scheduler's
            await self.count()
            return asdict(await self.warm(message.scope, ()))
