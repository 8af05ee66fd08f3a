"""A key that tokens could not be relied on with is refused, by its setting's name and never shown."""

import pytest
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from ion_mentoring.access.issuers.configured_keys import pem_key, secret_key
from ion_mentoring.errors import SettingsInvalid

RSA = rsa.generate_private_key(65537, 2048)
P256 = ec.generate_private_key(ec.SECP256R1())
EDWARDS = ed25519.Ed25519PrivateKey.generate()


def pem(private: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | dsa.DSAPrivateKey | ed25519.Ed25519PrivateKey) -> str:
    return private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def fitted(algorithm: str, key: str) -> str:
    made = secret_key(key, "JWT_KEY") if algorithm == "HS256" else pem_key(key, (algorithm,), "JWT_KEY")
    return made.algorithm


@pytest.mark.parametrize(
    ("algorithm", "key"),
    [("HS256", "s" * 32), ("HS256", "비밀" * 6), ("RS256", pem(RSA)), ("ES256", pem(P256)), ("EdDSA", pem(EDWARDS))],
)
def test_a_key_that_fits_its_algorithm_is_taken(algorithm: str, key: str) -> None:
    assert fitted(algorithm, key) == algorithm


def test_a_key_is_for_the_one_algorithm_that_fits_it() -> None:
    assert pem_key(pem(P256), ("RS256", "ES256"), "JWT_ISSUERS").algorithm == "ES256"


@pytest.mark.parametrize(
    ("algorithm", "key"),
    [
        ("HS256", "a"),
        ("HS256", "s" * 31),
        ("HS256", pem(RSA)),
        ("HS256", "\n " + pem(P256)),
        ("HS256", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIG8ZJmF8yQ"),
        ("RS256", "s" * 64),
        ("RS256", pem(rsa.generate_private_key(65537, 1024))),
        ("RS256", pem(P256)),
        ("RS256", pem(EDWARDS)),
        ("RS256", RSA.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()),
        ("RS256", pem(RSA).replace("M", "!", 1)),
        ("ES256", pem(RSA)),
        ("ES256", pem(ec.generate_private_key(ec.SECP384R1()))),
        ("ES256", pem(ec.generate_private_key(ec.SECP256K1()))),
        ("ES256", "hunter2"),
        ("EdDSA", pem(P256)),
    ],
)
def test_a_key_that_does_not_fit_is_refused_and_not_shown(algorithm: str, key: str) -> None:
    with pytest.raises(SettingsInvalid, match=r"^JWT_KEY: ") as raised:
        fitted(algorithm, key)
    assert key.strip()[:40] not in str(raised.value) or len(key) < 3
    assert raised.value.__cause__ is None
    assert "\n" not in str(raised.value)
