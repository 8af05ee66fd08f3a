"""Tokens are verified by a key that is what it says, and whatever an issuer puts into one breaks nothing."""

import time
from contextlib import suppress
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from ion_mentoring.access.caller import Caller, Role
from ion_mentoring.access.claims import caller_of
from ion_mentoring.access.issuers.configured_keys import pem_key, secret_key
from ion_mentoring.access.issuers.issuer import LEEWAY_S, LIFETIME_S, Issuer
from ion_mentoring.access.issuers.key import FixedKeys
from ion_mentoring.access.tokens import LONGEST, Tokens
from ion_mentoring.errors import Unauthenticated
from tests.access.broken_tokens import SECRET, broken, good, signed
from tests.fakes import Clock

NOW = 1_800_000_000.0
BROKEN = broken(NOW)


def tokens(key: str = SECRET, algorithm: str = "HS256", clock: Clock | None = None) -> Tokens[Caller]:
    made = secret_key(key, "JWT_KEY") if algorithm == "HS256" else pem_key(key, (algorithm,), "JWT_KEY")
    return Tokens([Issuer("iss", "ion", FixedKeys((made,)), frozenset({algorithm}))], clock or Clock(NOW), caller_of)


async def test_a_good_token_is_good() -> None:
    caller = await tokens().caller(signed(good(NOW)))
    assert (caller.id, caller.roles, caller.monthly_tokens) == ("sub:kim", {Role.MENTEE}, None)


@pytest.mark.parametrize(
    ("algorithm", "private"),
    [("RS256", rsa.generate_private_key(65537, 2048)), ("ES256", ec.generate_private_key(ec.SECP256R1()))],
    ids=["RS256", "ES256"],
)
async def test_a_token_is_verified_with_the_public_key(
    algorithm: str, private: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
) -> None:
    public = private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    verifier = tokens(public, algorithm)
    claims = good(NOW, roles=["admin", "unheard-of"])
    caller = await verifier.caller(jwt.encode(claims, private, algorithm))
    assert (caller.id, caller.roles) == ("sub:kim", {Role.ADMIN})
    for wrong in (signed(claims, secret=public), jwt.encode(good(NOW, exp=...), private, algorithm), *BROKEN.values()):
        with pytest.raises(Unauthenticated):
            await verifier.caller(wrong)


def test_there_are_sixty_kinds_of_broken_tokens_at_least() -> None:
    assert len(BROKEN) >= 60
    assert all(len(token) <= LONGEST for kind, token in BROKEN.items() if kind != "over 8 KiB")


@pytest.mark.parametrize("kind", BROKEN)
async def test_a_broken_token_is_refused_soon_and_says_nothing_of_what_it_held(kind: str) -> None:
    took = []
    for _ in range(3):  # in one of them the collector may come by
        began = time.process_time()
        with pytest.raises(Unauthenticated) as refused:
            await tokens().caller(BROKEN[kind])
        took.append(time.process_time() - began)
        assert "kim" not in str(refused.value)
    assert min(took) < 0.05


async def test_a_token_over_8_kib_is_not_even_looked_at() -> None:
    verifier, long = tokens(), "." * 50_000_000
    took = []
    for _ in range(3):
        began = time.process_time()
        with pytest.raises(Unauthenticated, match="too long"):
            await verifier.caller(long)
        took.append(time.process_time() - began)
    assert min(took) < 0.01


@pytest.mark.parametrize(
    "claims", [{"iat": int(NOW) + 2}, {"nbf": int(NOW) + 30}, {"iat": NOW + 29.5, "nbf": NOW - 5}, {"iat": ...}]
)
async def test_an_issuer_whose_clock_is_a_little_ahead_is_believed(claims: dict[str, Any]) -> None:
    assert (await tokens().caller(signed(good(NOW, **claims)))).id == "sub:kim"


async def test_a_token_lives_from_its_beginning_to_its_end_and_never_longer_than_a_day() -> None:
    clock = Clock(NOW)
    verifier = tokens(clock=clock)
    day = signed(good(NOW, exp=int(NOW) + int(LIFETIME_S)))
    clock.tick(LIFETIME_S - 1)
    assert (await verifier.caller(day)).id == "sub:kim"
    clock.tick(1)
    with pytest.raises(Unauthenticated, match="exp"):
        await verifier.caller(day)


async def test_without_a_time_of_issue_the_day_is_counted_from_now() -> None:
    verifier = tokens()
    assert (await verifier.caller(signed(good(NOW, iat=..., exp=int(NOW) + LIFETIME_S + LEEWAY_S)))).id == "sub:kim"
    with pytest.raises(Unauthenticated, match="life"):
        await verifier.caller(signed(good(NOW, iat=..., exp=int(NOW) + LIFETIME_S + LEEWAY_S + 1)))


@pytest.mark.parametrize("kind", ["JWT", "jwt", "at+jwt", "application/at+JWT"])
async def test_a_token_may_say_that_it_is_one(kind: str) -> None:
    assert (await tokens().caller(signed(good(NOW), {"alg": "HS256", "typ": kind}))).id == "sub:kim"
    assert (await tokens().caller(signed(good(NOW), {"alg": "HS256"}))).id == "sub:kim"


@pytest.mark.parametrize("subject", ["x" * 256, "김민수", "auth0|5f7c", "a b"])
async def test_a_subject_of_256_characters_is_taken(subject: str) -> None:
    assert (await tokens().caller(signed(good(NOW, sub=subject)))).id == f"sub:{subject}"


async def test_a_token_may_carry_a_monthly_budget() -> None:
    assert (await tokens().caller(signed(good(NOW, monthly_tokens=1_000)))).monthly_tokens == 1_000
    assert (await tokens().caller(signed(good(NOW, monthly_tokens=None)))).monthly_tokens is None


async def test_audiences_and_roles_may_be_lists_as_long_as_they_please() -> None:
    roles = ["mentee", "service", "mentee", *(f"role {n}" for n in range(100))]
    caller = await tokens().caller(signed(good(NOW, aud=["another", "ion"], roles=roles)))
    assert caller.roles == {Role.MENTEE, Role.SERVICE}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
NAMES = ("sub", "iss", "aud", "exp", "nbf", "iat", "jti", "roles", "monthly_tokens", "typ", "alg", "kid", "crit", "b64")


@given(st.dictionaries(st.sampled_from(NAMES), JSON), st.dictionaries(st.sampled_from(NAMES), JSON))
async def test_whatever_stands_in_a_signed_token_it_is_taken_or_refused(claims: dict[str, Any], header: dict[str, Any]) -> None:
    for token in (signed(good(NOW, **claims)), signed(good(NOW), {"alg": "HS256", **header})):
        with suppress(Unauthenticated):
            assert (await tokens().caller(token)).known
