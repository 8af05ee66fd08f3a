"""Odd access, watched but on a laptop, where everybody is the developer."""

import time

from msgspec import Struct

from ion_mentoring.access.key_networks import KeyNetworks
from ion_mentoring.access.odd_access import RULES, OddAccess
from ion_mentoring.access.probing import Probing
from ion_mentoring.settings.access import Access
from ion_mentoring.telemetry.events import EventLog
from ion_mentoring.wiring.caches import Caches, rate_limit


class Watch(Struct, frozen=True):
    """What watches for odd access; nothing of it on a laptop."""

    odd: OddAccess | None = None
    networks: KeyNetworks | None = None
    probing: Probing | None = None


def watch(access: Access, kept: Caches, log: EventLog) -> Watch:
    """The watch of an instance. It counts with the other instances where there is an L2."""
    if access.environment == "local":
        return Watch()
    counts = {window_s: rate_limit(0, kept, window_s) for window_s in {rule.window_s for rule in RULES.values()}}
    odd = OddAccess(counts, lambda network: kept.keys.key(address=network), log, time.time)
    return Watch(odd, KeyNetworks(odd, time.time), Probing(odd, time.time))
