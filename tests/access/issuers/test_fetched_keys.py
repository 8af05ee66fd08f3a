"""An issuer that rotates its keys, hangs, lies or is away: known keys go on, new ones come, and nobody makes us ask often."""

import asyncio
import gzip
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress

import httpx2
import pytest

from ion_mentoring.access.claims import caller_of
from ion_mentoring.access.issuers.fetched_keys import FRESH_S, LATE_S, PAUSE_S, STALE_S, FetchedKeys
from ion_mentoring.access.issuers.issuer import Issuer
from ion_mentoring.access.tokens import Tokens
from ion_mentoring.backends.issuer_documents import MOST_BYTES, WITHIN_S, fetched
from ion_mentoring.errors import IssuerUnavailable, Unauthenticated
from ion_mentoring.telemetry.events import EventLog
from tests.access.issuers.issuer_server import EDWARDS, P256, RSA_KEYS, IssuerServer, issuing, key_set, ok, public_jwk
from tests.fakes import Clock

ALGORITHMS = frozenset({"RS256", "ES256", "EdDSA"})


@pytest.fixture
async def issuer() -> AsyncIterator[IssuerServer]:
    async with issuing() as found:
        yield found


@pytest.fixture
async def fetch(issuer: IssuerServer) -> AsyncIterator[Callable[[], Awaitable[bytes]]]:
    async with httpx2.AsyncClient(trust_env=False, timeout=None) as client:
        yield lambda: fetched(client, issuer.jwks_url)


class Instance:
    """What one instance knows of the issuer, on a clock that a test ticks."""

    def __init__(self, issuer: IssuerServer, fetch: Callable[[], Awaitable[bytes]]) -> None:
        self.lines: list[str] = []
        self.clock = Clock(float(int(time.time())))
        self.issuer = issuer
        self.keys = FetchedKeys(issuer.name, fetch, EventLog("router", self.lines.append), self.clock)
        self.tokens = Tokens([Issuer(issuer.name, "ion", self.keys, ALGORITHMS)], self.clock, caller_of)

    async def outcome(self, token: str) -> str:
        try:
            return (await self.tokens.caller(token)).id
        except (Unauthenticated, IssuerUnavailable) as error:
            return error.code

    async def asks(self, kid: str = "one", private: object = None) -> str:
        """The outcome of a new token."""
        return await self.outcome(self.issuer.token(kid, private, now=self.clock(), jti=str(time.perf_counter_ns())))  # type: ignore[arg-type]

    async def renewed(self) -> None:
        """Returns when what was begun behind a request has ended."""
        with suppress(IssuerUnavailable):
            await self.keys._flight.outcome()


@pytest.fixture
def instance(issuer: IssuerServer, fetch: Callable[[], Awaitable[bytes]]) -> Instance:
    return Instance(issuer, fetch)


async def test_the_first_token_waits_for_the_keys_and_later_ones_for_nobody(instance: Instance) -> None:
    outcomes = await asyncio.gather(*(instance.asks() for _ in range(50)))
    assert set(outcomes) == {"sub:kim"}
    instance.clock.tick(FRESH_S - 1)
    assert await instance.asks() == "sub:kim"
    assert instance.issuer.fetches == 1


async def test_tokens_of_all_three_algorithms_are_taken(instance: Instance) -> None:
    instance.issuer.keys |= {"two": P256, "three": EDWARDS}
    assert [await instance.asks(kid) for kid in ("one", "two", "three")] == ["sub:kim"] * 3
    assert await instance.asks("two", RSA_KEYS[0]) == "UNAUTHENTICATED"
    assert await instance.asks("one", RSA_KEYS[1]) == "UNAUTHENTICATED"


async def test_keys_are_renewed_behind_a_request_that_does_not_wait(instance: Instance) -> None:
    await instance.asks()
    instance.issuer.hangs = True
    instance.clock.tick(FRESH_S + 1)
    began = time.perf_counter()
    assert await instance.asks() == "sub:kim"
    assert time.perf_counter() - began < 0.2
    assert instance.keys._flight.under_way


async def test_a_key_that_was_rotated_in_works_at_once_and_thirty_seconds_after_the_last_fetch_at_most(
    instance: Instance,
) -> None:
    await instance.asks()
    instance.issuer.keys["two"] = RSA_KEYS[1]
    assert await instance.asks("two") == "UNAUTHENTICATED"
    instance.clock.tick(PAUSE_S + 1)
    assert await instance.asks("two") == "sub:kim"
    instance.issuer.keys["three"] = EDWARDS
    instance.clock.tick(PAUSE_S + 1)
    assert await instance.asks("three") == "sub:kim"


async def test_a_key_that_was_withdrawn_ends_with_the_next_fetch_for_tokens_that_were_verified_too(instance: Instance) -> None:
    instance.issuer.keys["two"] = RSA_KEYS[1]
    old = instance.issuer.token("one", now=instance.clock())
    assert await instance.outcome(old) == "sub:kim"
    del instance.issuer.keys["one"]
    instance.clock.tick(FRESH_S + 1)
    assert await instance.outcome(old) == "sub:kim"
    await instance.renewed()
    assert await instance.outcome(old) == "UNAUTHENTICATED"
    assert json.loads(instance.lines[-1])["gone"] == 1


async def test_a_thousand_tokens_with_unknown_keys_cause_two_fetches_a_minute(instance: Instance) -> None:
    await instance.asks()
    began = instance.issuer.fetches
    for number in range(1_000):
        assert await instance.asks(f"unknown {number}", EDWARDS) == "UNAUTHENTICATED"
        instance.clock.tick(0.06)
    assert instance.issuer.fetches - began <= 2
    assert await instance.asks() == "sub:kim"


async def test_known_keys_go_on_for_a_day_without_the_issuer_and_no_longer(instance: Instance) -> None:
    known = instance.issuer.token(now=instance.clock(), exp=int(instance.clock()) + 86_400)
    await instance.outcome(known)
    instance.issuer.answer = b"HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n"
    for _ in range(23):
        instance.clock.tick(3_600)
        assert await instance.asks() == "sub:kim"
        assert await instance.outcome(known) == "sub:kim"
    instance.clock.tick(STALE_S - 23 * 3_600 + 1)
    assert await instance.asks() == "ISSUER_UNAVAILABLE"
    instance.issuer.answer = None
    instance.clock.tick(PAUSE_S + 1)
    assert await instance.asks() == "sub:kim"


async def test_a_late_request_waits_a_moment_for_an_issuer_that_hangs_and_the_next_one_does_not(instance: Instance) -> None:
    await instance.asks()
    instance.issuer.hangs = True
    instance.clock.tick(LATE_S + 1)
    began = time.perf_counter()
    assert await instance.asks() == "sub:kim"
    assert 0.2 < time.perf_counter() - began < 1.5
    instance.clock.tick(1)


async def test_an_instance_that_was_frozen_for_a_day_asks_once_more(
    instance: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its fetch stands still with its processor, and fails as soon as that goes on."""
    await instance.asks()
    thawed = asyncio.Event()

    async def frozen() -> bytes:
        await thawed.wait()
        raise IssuerUnavailable("TimeoutError")

    fetch, instance.keys._fetch = instance.keys._fetch, frozen
    instance.clock.tick(FRESH_S + 1)
    assert await instance.asks() == "sub:kim"
    await asyncio.sleep(0)
    instance.clock.tick(2 * STALE_S)
    instance.keys._fetch = fetch
    asyncio.get_running_loop().call_later(0.01, thawed.set)
    assert await instance.asks() == "sub:kim"


LIES = {
    "html": ok(b"<html>not found</html>"),
    "no keys": ok(key_set()),
    "another kind of json": ok(b'"keys"'),
    "ten megabytes": ok(b" " * 10_000_000 + key_set(public_jwk(RSA_KEYS[0], "one"))),
    "a bomb": ok(gzip.compress(b" " * 50_000_000), "content-encoding: gzip"),
    "half of it": ok(key_set(public_jwk(RSA_KEYS[0], "one")))[:-40],
    "a redirect": b"HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n",
    "no http": b"\x16\x03\x01\x02",
    "a shared key": ok(json.dumps({"keys": [{"kty": "oct", "k": "c2VjcmV0", "kid": "one"}]}).encode()),
}


@pytest.mark.parametrize("lie", LIES)
async def test_an_issuer_that_sends(lie: str, instance: Instance) -> None:
    assert await instance.asks() == "sub:kim"
    instance.issuer.answer = LIES[lie]
    instance.clock.tick(FRESH_S + 1)
    assert await instance.asks() == "sub:kim"
    await instance.renewed()
    assert await instance.asks() == "sub:kim"
    said = json.loads(instance.lines[-1])
    assert said["message"] in {"issuer_unavailable", "issuer_keys_refused"}
    assert said["issuer"] == instance.issuer.name


async def test_a_new_instance_says_that_nobody_can_tell_and_soon(instance: Instance) -> None:
    instance.issuer.answer = LIES["html"]
    token = instance.issuer.token(now=instance.clock())
    assert await instance.outcome(token) == "ISSUER_UNAVAILABLE"
    assert [await instance.outcome(token) for _ in range(5)] == ["ISSUER_UNAVAILABLE"] * 5
    assert instance.issuer.fetches == 1


async def test_an_issuer_that_drips_is_given_up(issuer: IssuerServer, fetch: Callable[[], Awaitable[bytes]]) -> None:
    issuer.drips = True
    began = time.perf_counter()
    with pytest.raises(IssuerUnavailable, match="Timeout"):
        await fetch()
    assert WITHIN_S <= time.perf_counter() - began < WITHIN_S + 2


async def test_a_document_as_large_as_it_may_be_is_read(issuer: IssuerServer, fetch: Callable[[], Awaitable[bytes]]) -> None:
    issuer.answer = ok(b" " * MOST_BYTES)
    assert len(await fetch()) == MOST_BYTES
    issuer.answer = ok(b" " * (MOST_BYTES + 1))
    with pytest.raises(IssuerUnavailable, match="too large"):
        await fetch()
