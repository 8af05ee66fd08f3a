"""Refused credentials are counted by network, for a minute, with a memory that is bounded, with L2 and without."""

import json
import time
from collections.abc import AsyncIterator

import pytest

from ion_mentoring.access.api_keys import ApiKeys, new_key
from ion_mentoring.access.authenticator import Authenticator, Credentials
from ion_mentoring.access.caller import Role
from ion_mentoring.access.guarded_authenticator import MOST_SHUT, REFUSED_A_MINUTE, GuardedAuthenticator
from ion_mentoring.access.limits import RateLimit
from ion_mentoring.access.limits_local import LocalRateLimit
from ion_mentoring.access.limits_valkey import SharedRateLimit
from ion_mentoring.backends.valkey.valkey_client import ValkeyConnection
from ion_mentoring.errors import RateLimited, Unauthenticated
from ion_mentoring.resilience.breaker import Breaker
from ion_mentoring.sealing.keys import CacheKeys
from ion_mentoring.telemetry.events import EventLog
from tests.fakes import Clock

KEY = new_key("kim", Role.MENTEE)
HERE, THERE = "203.0.113.9", "2001:db8:1:2::"


def guarded(refusals: RateLimit, now: Clock, lines: list[str] | None = None) -> GuardedAuthenticator:
    log = EventLog("router", (lines if lines is not None else []).append)
    authenticator = Authenticator(keys=ApiKeys.parse(KEY.line), tokens=None, laptop=False)
    return GuardedAuthenticator(authenticator, refusals, lambda network: f"<{len(network)}>", log, now)


async def outcome(authenticator: GuardedAuthenticator, secret: str | None, network: str = HERE) -> str:
    try:
        return (await authenticator.caller(Credentials(None, secret, network), "/path")).id
    except (Unauthenticated, RateLimited) as error:
        return error.code if error.retry_after_s is None else f"{error.code} for {error.retry_after_s}"


async def test_after_sixty_refused_ones_a_network_is_shut_until_the_minute_is_over() -> None:
    clock = Clock()
    authenticator = guarded(LocalRateLimit(REFUSED_A_MINUTE, clock), clock)
    assert [await outcome(authenticator, "ion_wrong") for _ in range(60)] == ["UNAUTHENTICATED"] * 60
    clock.tick(20.5)
    assert await outcome(authenticator, "ion_wrong") == "RATE_LIMITED for 40"
    assert await outcome(authenticator, KEY.secret) == "RATE_LIMITED for 40"
    assert await outcome(authenticator, KEY.secret, THERE) == "key:kim"
    assert await outcome(authenticator, None) == f"address:{HERE}"
    clock.tick(40)
    assert await outcome(authenticator, KEY.secret) == "key:kim"
    assert await outcome(authenticator, "ion_wrong") == "UNAUTHENTICATED"


async def test_right_credentials_are_not_counted() -> None:
    clock = Clock()
    authenticator = guarded(LocalRateLimit(REFUSED_A_MINUTE, clock), clock)
    for _ in range(59):
        await outcome(authenticator, "ion_wrong")
    assert [await outcome(authenticator, KEY.secret) for _ in range(200)] == ["key:kim"] * 200
    assert await outcome(authenticator, "ion_wrong") == "UNAUTHENTICATED"
    assert await outcome(authenticator, "ion_wrong") == "RATE_LIMITED for 60"


async def test_each_refusal_leaves_an_event_that_names_a_pseudonym_and_the_path_alone() -> None:
    lines: list[str] = []
    clock = Clock()
    authenticator = guarded(LocalRateLimit(REFUSED_A_MINUTE, clock), clock, lines)
    for _ in range(70):
        await outcome(authenticator, "ion_wrong")
    events = [json.loads(line) for line in lines]
    kinds = [event["kind"] for event in events]
    assert (kinds.count("credential_refused"), kinds.count("shut_out")) == (60, 1)
    assert {(event["message"], event["who"], event["path"]) for event in events} == {("SecurityEvent", "<11>", "/path")}
    assert not any("ion_wrong" in line or HERE in line for line in lines)


async def test_a_flood_of_networks_costs_bounded_memory() -> None:
    clock = Clock()
    authenticator = guarded(LocalRateLimit(1, clock, max_callers=100), clock)
    for number in range(MOST_SHUT + 500):
        await outcome(authenticator, "ion_wrong", f"network {number}")
    assert len(authenticator._shut) == MOST_SHUT
    assert await outcome(authenticator, KEY.secret, "network 0") == "key:kim"


@pytest.fixture
async def connection(valkey_port: int) -> AsyncIterator[ValkeyConnection]:
    opened = ValkeyConnection.to(f"redis://127.0.0.1:{valkey_port}", timeout_s=2)
    yield opened
    await opened.close()


async def test_instances_count_together_where_there_is_an_l2_and_alone_where_it_is_away(connection: ValkeyConnection) -> None:
    def instance(at: ValkeyConnection) -> GuardedAuthenticator:
        clock = Clock(time.time())
        breaker = Breaker(failures=1, rest_s=2, now=clock)
        alone = LocalRateLimit(REFUSED_A_MINUTE, clock)
        shared = SharedRateLimit(at, breaker, alone, CacheKeys(b"gate"), limit=REFUSED_A_MINUTE, now=clock)
        return guarded(shared, clock)

    network = f"of this test, {time.time_ns()}"
    instances = [instance(connection), instance(connection)]
    seen = [await outcome(instances[n % 2], "ion_wrong", network) for n in range(80)]
    assert seen.count("UNAUTHENTICATED") == 60
    nowhere = ValkeyConnection.to("redis://127.0.0.1:1", timeout_s=0.2)
    authenticator = instance(nowhere)
    assert [await outcome(authenticator, "ion_wrong") for _ in range(60)] == ["UNAUTHENTICATED"] * 60
    assert (await outcome(authenticator, KEY.secret)).startswith("RATE_LIMITED")
    await nowhere.close()
