"""What a message about warm caches says, and the work that follows."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from ion_mentoring.handlers.events import Event
from ion_mentoring.handlers.validation import parse
from ion_mentoring.mentoring.warming import Scope, WarmCaches


class WarmingMessage(BaseModel):
    """What to warm."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    scope: Scope = "popular"
    personas: Annotated[tuple[str, ...], Field(max_length=50)] = ()


@dataclass(frozen=True, slots=True)
class WarmingWork:
    """Warms what a message asks for."""

    warm: WarmCaches

    async def __call__(self, event: Event) -> Mapping[str, Any]:
        """What was filled."""
        message = parse(WarmingMessage, event.data)
        return asdict(await self.warm(message.scope, message.personas))
