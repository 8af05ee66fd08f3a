"""Passes of guests: signed, for a day, for one tenant, about nobody; and what guests may ask."""

import hashlib
import json
from collections.abc import Callable

import pytest

from ion_mentoring.access.admission import Admission
from ion_mentoring.access.guest_limits import GuestLimits
from ion_mentoring.access.guests import LIVES_S, Guests
from ion_mentoring.access.limit_rules import LimitRules
from ion_mentoring.access.limits import DAY_S
from ion_mentoring.access.limits_local import LocalRateLimit
from ion_mentoring.access.permissions import ASKS, KEEPS, TALKS
from ion_mentoring.errors import Forbidden, RateLimited, Unauthenticated
from ion_mentoring.sealing.keys import CacheKeys

LIMITS = GuestLimits(per_day=2, network_per_minute=4, network_per_day=5, all_per_day=7)


class Clock:
    now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def guests_of(clock: Callable[[], float], secret: bytes = b"s" * 32, *tenants: str) -> Guests:
    keys = CacheKeys(secret)
    limits = dict.fromkeys(tenants or ("acme", "default"), LIMITS)
    return Guests(limits, lambda about: keys.key(guest=about), lambda network: keys.key(address=network), clock)


def test_a_pass_opens_for_its_tenant_and_tells_nothing_of_a_person(clock: Clock) -> None:
    guests = guests_of(clock)
    given = guests.admit("acme")
    guest = guests.caller(given.token, "192.0.2.7")
    assert (guest.tenant, guest.person, guest.id.startswith("acme/guest:")) == ("acme", None, True)
    assert "192.0.2.7" not in repr(guest)
    assert guests.caller(given.token, "192.0.2.8").id == guest.id, "phones change their network"
    assert guests.admit("acme").token != given.token
    assert given.ends_at == clock.now + LIVES_S


def test_a_pass_that_was_changed_or_is_over_opens_nothing(clock: Clock) -> None:
    guests = guests_of(clock)
    token = guests.admit("acme").token
    parts = token.split(".")
    wrong = [
        *(".".join([*parts[:place], "A" * len(parts[place]), *parts[place + 1 :]]) for place in range(2, 5)),
        token.replace(".acme.", ".default."),
        token + "A",
        token[:-1],
        "ion-guest.",
        "ion-guest." + "." * 9_000,
        token.replace("ion-guest.", "ion-guest.\u0000"),
        guests_of(clock, b"t" * 32).admit("acme").token,
        guests_of(clock, b"s" * 32, "other").admit("other").token,
    ]
    for one in wrong:
        with pytest.raises(Unauthenticated) as refused:
            guests.caller(one, "192.0.2.7")
        assert parts[3] not in str(refused.value)
    clock.now += LIVES_S
    with pytest.raises(Unauthenticated):
        guests.caller(token, "192.0.2.7")


def test_a_guest_talks_and_has_nothing_that_is_kept(clock: Clock) -> None:
    guests = guests_of(clock)
    guest = guests.caller(guests.admit("acme").token, "192.0.2.7")
    TALKS.check(guest)
    for permission in (ASKS, KEEPS):
        with pytest.raises(Unauthenticated):
            permission.check(guest)
    for names in (guest.user, guest.session):
        assert names(None) is None
        with pytest.raises(Forbidden):
            names("kim")
    assert not guest.speaks_for_somebody(None)
    assert guest.neighbours != guest.tenant


async def test_guests_are_counted_each_by_network_and_together(clock: Clock) -> None:
    guests = guests_of(clock)
    day = LocalRateLimit(1_000, clock, window_s=DAY_S)
    rules = LimitRules(100, whole={"acme": 1})
    admission = Admission(LocalRateLimit(100, clock), day, rules, 1_000, {"acme": LIMITS, "default": LIMITS})

    async def asked(token: str, network: str) -> str:
        clock.now += 61  # another minute
        try:
            counted = await admission.admit(guests.caller(token, network), costs=True)
        except RateLimited as refused:
            return str(refused.details["policy"])
        return json.dumps({one.policy: one.status.remaining for one in counted})

    first, *others = (guests.admit("acme").token for _ in range(8))
    assert json.loads(await asked(first, "192.0.2.1"))["guest"] == 1
    assert json.loads(await asked(first, "192.0.2.2"))["guest"] == 0
    assert await asked(first, "192.0.2.3") == "guest"
    for token in others[:4]:
        assert json.loads(await asked(token, "192.0.2.1"))["guest"] == 1
    assert await asked(others[4], "192.0.2.1") == "guest-network", "who throws his pass away gains nothing"
    assert await asked(others[5], "192.0.2.9") == "guests", "nor do many networks together"
    assert json.loads(await asked(guests.admit("default").token, "192.0.2.1"))["guests"] == 6, "of another tenant"
    clock.now += DAY_S
    assert json.loads(await asked(guests.admit("acme").token, "192.0.2.1"))["guest-network"] == 4


async def test_a_minute_of_a_network_bounds_what_costs_nothing_too(clock: Clock) -> None:
    guests = guests_of(clock)
    limit = LocalRateLimit(100, clock)
    admission = Admission(limit, limit, LimitRules(100), 1_000, {"acme": LIMITS})
    for _ in range(LIMITS.network_per_minute):
        (counted,) = await admission.admit(guests.caller(guests.admit("acme").token, "192.0.2.1"), costs=False)
    assert counted.status.remaining == 0
    with pytest.raises(RateLimited):
        await admission.admit(guests.caller(guests.admit("acme").token, "192.0.2.1"), costs=False)


def test_the_mark_of_a_pass_is_no_other_mark() -> None:
    keys = CacheKeys(b"s" * 32)
    assert keys.key(guest="a") not in {keys.key(address="a"), keys.receipt("a"), hashlib.sha256(b"a").hexdigest()}
