"""The limits of callers: a minute, a day, and tokens a day."""

from collections.abc import Iterable, Mapping

from ion_mentoring.access.admission import Admission
from ion_mentoring.access.caller import Role
from ion_mentoring.access.daily_tokens import DailyTokens
from ion_mentoring.access.guest_limits import GuestLimits
from ion_mentoring.access.limit_rules import LimitRules
from ion_mentoring.access.limits import DAY_S
from ion_mentoring.settings.access import Access
from ion_mentoring.settings.limits import RoleLimit
from ion_mentoring.wiring.caches import Caches, rate_limit


def admission(access: Access, kept: Caches, guests: Mapping[str, GuestLimits] | None = None) -> Admission:
    """The admission of requests; `guests` are the limits of guests by tenant."""
    usual = access.rate_limit_per_minute
    minute, day = rate_limit(usual, kept), rate_limit(access.strangers_per_day, kept, DAY_S)
    return Admission(minute, day, rules(usual, access.rate_limits), access.strangers_per_day, guests or {})


def daily_tokens(access: Access, kept: Caches) -> DailyTokens | None:
    """The quotas of tokens a day, where anybody has one."""
    if not access.daily_tokens:
        return None
    return DailyTokens(rate_limit(0, kept, DAY_S), rules(None, access.daily_tokens))


def rules(usual: int | None, listed: Iterable[RoleLimit]) -> LimitRules:
    """Rules of a setting's entries."""
    by_role = {(one.tenant, Role(one.role)): one.number for one in listed if one.role}
    return LimitRules(usual, by_role, {one.tenant: one.number for one in listed if one.tenant and not one.role})
