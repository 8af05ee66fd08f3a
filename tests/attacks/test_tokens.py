"""Signed tokens and keys that are broken let nobody in, quickly and without breaking anything."""

import itertools
import time
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.attacks import broken_tokens, sets, wire

pytestmark = pytest.mark.slow

ASK = {"text": "I am tired"}
_places = itertools.count(1)


def _somewhere() -> tuple[str, str]:
    """Another client each time, so that nobody is refused for what others did."""
    place = next(_places)
    return "x-forwarded-for", f"198.18.{place >> 8}.{place & 255}"


def _ask(port: int, token: str) -> wire.Answer:
    headers = [("authorization", f"Bearer {token}"), _somewhere()]
    return wire.call(port, "POST", "/api/v2/resonance", headers, ASK)


def test_a_sound_token_lets_in(strict: sets.Running) -> None:
    assert _ask(strict.port, broken_tokens.GOOD).status == 200
    assert _ask(strict.port, broken_tokens.headed(typ="at+jwt")).status == 200
    assert _ask(strict.port, broken_tokens.claiming(exp=broken_tokens.NOW + 86_000)).status == 200


@pytest.mark.parametrize("claim", ["nbf", "iat"])
def test_a_clock_that_is_a_little_ahead_lets_in(strict: sets.Running, claim: str) -> None:
    assert _ask(strict.port, broken_tokens.claiming(**{claim: int(time.time()) + 4})).status == 200


@pytest.mark.parametrize("what", broken_tokens.BROKEN)
def test_a_broken_token_is_refused_in_no_time(strict: sets.Running, what: str) -> None:
    token = broken_tokens.BROKEN[what].encode().decode("latin-1")
    found = _ask(strict.port, token)
    assert found.status == 401, found.body
    assert wire.is_our_error(found.body)
    assert wire.quickest_s(3, lambda: _ask(strict.port, token)) < 0.05


def test_the_public_key_of_a_set_signs_nothing(tmp_path: Path) -> None:
    public = rsa.generate_private_key(65537, 2048).public_key()
    pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    claims = broken_tokens.CLAIMS
    with sets.running(tmp_path, {**sets.STRICT, "JWT_ALGORITHM": "RS256", "JWT_KEY": pem}) as found:
        for token in (
            broken_tokens.signed(claims, key=pem),
            broken_tokens.signed(claims, key=pem.strip()),
            broken_tokens.signed(claims, {"alg": "RS256", "typ": "JWT"}, key=pem),
            broken_tokens.signed(claims, {"alg": "none"}).rsplit(".", 1)[0] + ".",
        ):
            assert _ask(found.port, token).status == 401


@pytest.mark.parametrize("credential", ["Bearer", "Bearer ", "Basic dTpw", "bearer  x", "x", "Bearer a b", "Bearer \xb2", ","])
def test_a_broken_credential_is_refused(strict: sets.Running, credential: str) -> None:
    found = wire.call(strict.port, "POST", "/api/v2/resonance", [("authorization", credential), _somewhere()], ASK)
    assert found.status == 401
    assert wire.is_our_error(found.body)


def test_who_guesses_keys_is_slowed_down_and_the_owner_of_the_key_is_not(strict: sets.Running) -> None:
    home = "2001:db8:77:1::{}"
    found = []
    for guess in range(200):
        headers = [("x-api-key", f"ion_{guess:043}"), ("x-forwarded-for", home.format(guess + 1))]
        found.append(wire.call(strict.port, "POST", "/api/v2/resonance", headers, ASK))
    assert {answer.status for answer in found} == {401, 429}
    assert found[-1].status == 429
    assert int(found[-1].header("retry-after") or 0) > 0
    elsewhere = [("x-api-key", sets.SERVICE), ("x-forwarded-for", "2001:db8:77:2::1")]
    assert wire.call(strict.port, "POST", "/api/v2/resonance", elsewhere, ASK).status == 200
