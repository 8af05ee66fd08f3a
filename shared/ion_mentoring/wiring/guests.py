"""The guests of the tenants that have some."""

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING

from ion_mentoring.access.guest_limits import GuestLimits
from ion_mentoring.settings.console import ConsoleSettings
from ion_mentoring.wiring.caches import Caches

if TYPE_CHECKING:  # who has no guests does not pay for importing what knows them
    from ion_mentoring.access.guests import Guests


def guest_limits(settings: ConsoleSettings) -> Mapping[str, GuestLimits]:
    """The limits by tenant."""
    return {one.tenant: GuestLimits(**one.guests.model_dump()) for one in settings.tenants if one.guests}


def guests(settings: ConsoleSettings, kept: Caches) -> "Guests | None":
    """The guests; None where nobody has any."""
    limits = guest_limits(settings)
    if not limits:
        return None
    from ion_mentoring.access.guests import Guests

    keys = kept.keys
    return Guests(limits, lambda about: keys.key(guest=about), lambda network: keys.key(address=network), time.time)
