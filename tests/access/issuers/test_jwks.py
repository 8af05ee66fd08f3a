"""Of a key set, only keys that tokens can be relied on with are taken; what is no key set is refused and breaks nothing."""

import json
from contextlib import suppress
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from hypothesis import given
from hypothesis import strategies as st

from ion_mentoring.access.issuers.jwks import MOST_KEYS, keys_in
from tests.access.issuers.issuer_server import EDWARDS, P256, RSA_KEYS, key_set, public_jwk

GOOD = public_jwk(RSA_KEYS[0], "one")


def test_keys_of_all_three_kinds_are_taken_with_their_names() -> None:
    found = keys_in(key_set(GOOD, public_jwk(P256, "two"), public_jwk(EDWARDS, "three")))
    assert [(key.kid, key.algorithm) for key in found] == [("one", "RS256"), ("two", "ES256"), ("three", "EdDSA")]
    assert keys_in(key_set(public_jwk(P256, alg=..., use=..., key_ops=["verify"])))[0].kid is None


BAD: dict[str, Any] = {
    "weak": public_jwk(rsa.generate_private_key(65537, 1024)),
    "slow": public_jwk(rsa.generate_private_key(65537, 4608)),
    "a slow exponent": {**GOOD, "e": GOOD["n"]},
    "an exponent of one": {**GOOD, "e": "AQ"},
    "another curve": {**public_jwk(P256), "crv": "P-384"},
    "off the curve": {**public_jwk(P256), "x": public_jwk(ec.generate_private_key(ec.SECP256R1()))["x"]},
    "a curve of another kind": {**public_jwk(EDWARDS), "crv": "X25519"},
    "another algorithm": {**GOOD, "alg": "PS256"},
    "an algorithm of another kind": {**GOOD, "alg": "HS256"},
    "to encrypt with": {**GOOD, "use": "enc"},
    "to sign with": {**GOOD, "key_ops": ["sign"]},
    "operations that are no list": {**GOOD, "key_ops": "verify"},
    "shared": {"kty": "oct", "k": "c2VjcmV0", "alg": "HS256", "kid": "one"},
    "private": {**GOOD, "d": GOOD["n"]},
    "without a number": {name: value for name, value in GOOD.items() if name != "n"},
    "a number that is none": {**GOOD, "n": 7},
    "a name that is none": {**GOOD, "kid": ["one"]},
    "a kind that is none": {**GOOD, "kty": ["RSA"]},
    "a text": "key",
    "null": None,
}


@pytest.mark.parametrize("what", BAD)
def test_a_key_is_left_out_that_is(what: str) -> None:
    with pytest.raises(ValueError, match="no key"):
        keys_in(key_set(BAD[what]))
    assert [key.kid for key in keys_in(key_set(BAD[what], public_jwk(P256, "good")))] == ["good"]


@pytest.mark.parametrize(
    "document",
    [
        b"", b"<html>", b"[]", b"{}", b'{"keys": {}}', b'{"keys": []}', b"\xff", b"[" * 100_000,
        b'{"keys": [], "keys": [{}]}', json.dumps({"keys": [GOOD] * (MOST_KEYS + 1)}).encode(),
    ],
)  # fmt: skip
def test_what_is_no_key_set_is_refused(document: bytes) -> None:
    with pytest.raises(ValueError, match=r"^no "):
        keys_in(document)


MEMBERS = ("kty", "kid", "alg", "use", "key_ops", "n", "e", "crv", "x", "y")
VALUES = st.none() | st.booleans() | st.integers() | st.text(max_size=9) | st.lists(st.text(max_size=3), max_size=2)


@given(st.sampled_from([GOOD, public_jwk(P256), public_jwk(EDWARDS)]), st.dictionaries(st.sampled_from(MEMBERS), VALUES))
def test_whatever_a_key_is_made_of_it_is_taken_or_left_out(key: dict[str, Any], changed: dict[str, Any]) -> None:
    with suppress(ValueError):
        assert keys_in(key_set({**key, **changed}))
