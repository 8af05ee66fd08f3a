"""The turning of flags: written down, then told to all instances."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from msgspec import Struct

from ion_mentoring.errors import CacheUnavailable, NotFound, ValidationFailed
from ion_mentoring.flags.declared import FLAGS
from ion_mentoring.flags.flag import Flag
from ion_mentoring.mentoring.flagging.known_flags import CHANGED, KnownFlags
from ion_mentoring.records.flags.protocol import FlagChoice, FlagChoices
from ion_mentoring.telemetry.events import EventLog


class TurnFlags(Struct, frozen=True):
    """The use case. `invalidate` makes void, in all instances, what is known of flags."""

    choices: FlagChoices
    known: KnownFlags
    invalidate: Callable[[str], Awaitable[None]]
    log: EventLog
    now: Callable[[], datetime]

    @staticmethod
    def flag(name: str) -> Flag[Any]:
        """The flag of a name; NotFound where there is none."""
        if name not in FLAGS:
            raise NotFound("no such flag", details={"flags": sorted(FLAGS)})
        return FLAGS[name]

    async def turn(self, flag: Flag[Any], variant: str, tenant: str | None) -> None:
        """Chooses a variant for a tenant, or for all; StoreUnavailable if that is not kept."""
        if variant not in flag.variants:
            raise ValidationFailed("variant", field="variant", details={"allowed": list(flag.variants)})
        await self.choices.put(FlagChoice(flag.name, tenant, variant, self.now()))
        await self._told(flag, variant, tenant)

    async def reset(self, flag: Flag[Any], tenant: str | None) -> None:
        """Goes back to what holds where nobody chose; StoreUnavailable if that is not kept."""
        await self.choices.remove(flag.name, tenant)
        await self._told(flag, None, tenant)

    async def _told(self, flag: Flag[Any], variant: str | None, tenant: str | None) -> None:
        try:
            await self.invalidate(CHANGED)
        except CacheUnavailable as error:  # the other instances read the store again after a while, without being told
            self.log.warning("flag_untold", reason=str(error))
        self.log.info("flag_turned", flag=flag.name, variant=variant, tenant=tenant)
        await self.known.read_anew()
