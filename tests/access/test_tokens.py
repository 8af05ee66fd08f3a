"""Tokens are verified by a key that is what it says."""

import time

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from ion_mentoring.access.caller import Role
from ion_mentoring.access.tokens import Tokens
from ion_mentoring.errors import SettingsInvalid, Unauthenticated

SECRET = "a-secret-of-thirty-two-bytes-or-more"
CLAIMS = {"sub": "kim", "iss": "iss", "aud": "ion"}


@pytest.mark.parametrize(
    ("algorithm", "private"),
    [("RS256", rsa.generate_private_key(65537, 2048)), ("ES256", ec.generate_private_key(ec.SECP256R1()))],
    ids=["RS256", "ES256"],
)
def test_a_token_is_verified_with_the_public_key(
    algorithm: str, private: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
) -> None:
    public = private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    tokens = Tokens(public, algorithm=algorithm, issuer="iss", audience="ion")
    claims = {**CLAIMS, "exp": time.time() + 60, "roles": ["admin", "unheard-of"]}
    caller = tokens.caller(jwt.encode(claims, private, algorithm))
    assert (caller.id, caller.roles) == ("sub:kim", {Role.ADMIN})
    forged = jwt.encode(claims, "the-public-key-used-as-if-it-were-a-secret", "HS256")
    for wrong in (forged, jwt.encode({**CLAIMS}, private, algorithm), "a.b.c", ""):
        with pytest.raises(Unauthenticated):
            tokens.caller(wrong)


def test_a_key_that_is_no_pem_is_refused_at_start_and_not_shown() -> None:
    with pytest.raises(SettingsInvalid, match="JWT_KEY") as raised:
        Tokens("hunter2", algorithm="RS256", issuer="iss", audience="ion")
    assert "hunter2" not in str(raised.value)


def test_without_roles_a_token_is_a_mentees() -> None:
    token = jwt.encode({**CLAIMS, "exp": time.time() + 60}, SECRET, "HS256")
    assert Tokens(SECRET, algorithm="HS256", issuer="iss", audience="ion").caller(token).roles == {Role.MENTEE}


def signed(**claims: object) -> str:
    return jwt.encode({**CLAIMS, "exp": time.time() + 60, **claims}, SECRET, "HS256")


def test_a_token_may_carry_a_monthly_budget() -> None:
    tokens = Tokens(SECRET, algorithm="HS256", issuer="iss", audience="ion")
    assert tokens.caller(signed(monthly_tokens=1_000)).monthly_tokens == 1_000
    assert tokens.caller(signed()).monthly_tokens is None


@pytest.mark.parametrize(
    "claims",
    [{"monthly_tokens": "many"}, {"monthly_tokens": -1}, {"monthly_tokens": True}, {"sub": "a\ud800b"}, {"sub": "a\nb"}],
    ids=repr,
)
def test_a_budget_or_a_subject_that_is_none_is_refused(claims: dict[str, object]) -> None:
    with pytest.raises(Unauthenticated):
        Tokens(SECRET, algorithm="HS256", issuer="iss", audience="ion").caller(signed(**claims))
