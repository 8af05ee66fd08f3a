"""One place says how much a caller may, by its key, its role and its tenant, and strangers a day."""

import pytest

from ion_mentoring.access.admission import Admission
from ion_mentoring.access.caller import Caller, Role
from ion_mentoring.access.daily_tokens import DailyTokens
from ion_mentoring.access.limit_rules import LimitRules
from ion_mentoring.access.limits import DAY_S
from ion_mentoring.access.limits_local import LocalRateLimit
from ion_mentoring.errors import RateLimited
from ion_mentoring.settings.limits import limits_in
from ion_mentoring.wiring.limits import rules
from tests.fakes import Clock

SERVICE = Caller("acme/key:web", frozenset({Role.SERVICE}), tenant="acme")
OTHER = Caller("acme/key:app", frozenset({Role.SERVICE}), tenant="acme")
MENTEE = Caller("sub:kim", frozenset({Role.MENTEE}))
STRANGER = Caller("address:192.0.2.1", known=False)


@pytest.fixture
def clock() -> Clock:
    return Clock()


def admission(clock: Clock, listed: str = "", usual: int = 3, strangers: int = 2) -> Admission:
    found = rules(usual, limits_in(listed) if listed else ())
    return Admission(LocalRateLimit(usual, clock), LocalRateLimit(strangers, clock, window_s=DAY_S), found, strangers)


async def admitted(place: Admission, caller: Caller, *, costs: bool = True) -> int:
    """How often a caller is let in until it is refused."""
    for number in range(50):
        try:
            await place.admit(caller, costs=costs)
        except RateLimited:
            return number
    return 50


@pytest.mark.parametrize(
    ("listed", "caller", "expected"),
    [
        ("", MENTEE, 3),
        ("service=7", MENTEE, 3),
        ("mentee=7", MENTEE, 7),
        ("service=7 acme/service=9", SERVICE, 9),
        ("service=7 other/service=9", SERVICE, 7),
        ("acme/service=9", Caller("key:web", frozenset({Role.SERVICE})), 3),
        ("service=7 mentee=5", Caller("sub:app", frozenset({Role.SERVICE, Role.MENTEE})), 7),
        ("service=7", Caller("acme/key:own", frozenset({Role.SERVICE}), tenant="acme", per_minute=11), 11),
    ],
)
async def test_the_limit_is_the_keys_own_or_that_of_its_role_or_everybodys(
    clock: Clock, listed: str, caller: Caller, expected: int
) -> None:
    assert await admitted(admission(clock, listed), caller) == expected


async def test_callers_of_a_tenant_share_what_it_has_together_and_others_do_not(clock: Clock) -> None:
    place = admission(clock, "acme/=5")
    assert await admitted(place, SERVICE) == 3
    assert await admitted(place, OTHER) == 2, "the minute of the tenant is used up"
    assert await admitted(place, MENTEE) == 3
    clock.tick(60)
    assert await admitted(place, OTHER) == 3


async def test_a_refusal_names_its_policy_and_what_costs_more_counts_for_the_tenant_too(clock: Clock) -> None:
    place = admission(clock, "acme/=5", usual=100)
    (own, whole) = await place.admit(SERVICE, costs=True)
    assert (own.policy, own.status.remaining, whole.policy, whole.status.remaining) == ("minute", 99, "tenant", 4)
    with pytest.raises(RateLimited) as refused:
        await place.more(OTHER, 5)
    assert refused.value.details == {"limit": 5, "policy": "tenant", "window_s": 60}
    assert refused.value.retry_after_s == 60


async def test_strangers_have_a_day_for_what_costs_something(clock: Clock) -> None:
    place = admission(clock)
    _, day = await place.admit(STRANGER, costs=True)
    assert (day.policy, day.status.limit, day.status.remaining, day.status.reset_s) == ("day", 2, 1, DAY_S)
    await place.admit(STRANGER, costs=True)
    clock.tick(61)
    with pytest.raises(RateLimited) as refused:
        await place.admit(STRANGER, costs=True)
    assert refused.value.details["policy"] == "day"
    assert DAY_S - 61 <= (refused.value.retry_after_s or 0) <= DAY_S
    assert len(await place.admit(STRANGER, costs=False)) == 1
    clock.tick(DAY_S)
    assert len(await place.admit(STRANGER, costs=True)) == 2


async def test_tokens_of_a_day_are_counted_by_caller_and_by_tenant(clock: Clock) -> None:
    daily = DailyTokens(LocalRateLimit(0, clock, window_s=DAY_S), rules(None, limits_in("service=100 acme/=150")))
    await daily.must_be_left(SERVICE)
    await daily.spent(SERVICE, 99)
    await daily.must_be_left(SERVICE)
    await daily.spent(SERVICE, 30)
    with pytest.raises(RateLimited) as refused:
        await daily.must_be_left(SERVICE)
    assert refused.value.details == {"limit": 100, "policy": "tokens", "window_s": DAY_S}
    await daily.must_be_left(OTHER)
    await daily.spent(OTHER, 50)
    with pytest.raises(RateLimited):
        await daily.must_be_left(OTHER)
    for _ in range(3):
        await daily.must_be_left(MENTEE)
        await daily.spent(MENTEE, 10**9)
    clock.tick(DAY_S)
    await daily.must_be_left(SERVICE)


@pytest.mark.parametrize("setting", ["", "king=1", "=1", "acme=1", "acme/king=1", "Acme/=1", "mentee=0", "mentee=x", "mentee"])
def test_an_entry_that_is_none_is_named_by_its_place(setting: str) -> None:
    with pytest.raises(ValueError, match="entry 2"):
        limits_in(f"mentee=5, {setting}" if setting else "mentee=5, ,")


def test_strangers_are_of_no_tenant() -> None:
    assert LimitRules(5, whole={"default": 9}).of_tenant(STRANGER) is None
    assert LimitRules(5, whole={"default": 9}).of_tenant(MENTEE) == 9
