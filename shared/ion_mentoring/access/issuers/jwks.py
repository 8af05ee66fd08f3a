"""A JSON Web Key Set (RFC 7517), as an issuer publishes it: the keys in it that tokens can be relied on with, and no others."""

from collections.abc import Mapping
from typing import Any, Final

import jwt
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from ion_mentoring.access.issuers.key import VerificationKey
from ion_mentoring.access.strict_json import strict_object

MOST_KEYS: Final = 64
RSA_BITS: Final = range(2_048, 4_097)  # RFC 7518, 3.3; larger ones make each token slow to verify
RSA_EXPONENTS: Final = range(3, 2**32)  # so do larger exponents
ALGORITHMS: Final[Mapping[str, str]] = {"RSA": "RS256", "EC": "ES256", "OKP": "EdDSA"}


def keys_in(document: bytes) -> tuple[VerificationKey, ...]:
    """The keys of a set that can be used; ValueError if it is no set, or has none."""
    try:
        listed = strict_object(document).get("keys")
    except ValueError:
        raise ValueError("no JSON object") from None
    if not isinstance(listed, list) or len(listed) > MOST_KEYS:
        raise ValueError("no list of keys")
    keys = tuple(key for key in map(_key, listed) if key)
    if not keys:
        raise ValueError("no key that can be used")
    return keys


def public_key(material: object) -> tuple[str, bytes] | None:
    """The algorithm that a public key is for, and its fingerprint; None if it is none, or too weak or too slow."""
    match material:
        case RSAPublicKey() if material.key_size in RSA_BITS and material.public_numbers().e in RSA_EXPONENTS:
            algorithm = "RS256"
        case EllipticCurvePublicKey() if isinstance(material.curve, SECP256R1):
            algorithm = "ES256"
        case Ed25519PublicKey():
            algorithm = "EdDSA"
        case _:
            return None
    return algorithm, material.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _key(listed: object) -> VerificationKey | None:
    """A key of the set; None for one of another kind, or for another use."""
    if not isinstance(listed, dict) or not _verifies(listed):
        return None
    try:
        material = jwt.PyJWK(listed, ALGORITHMS[listed["kty"]]).key
        found = public_key(material)
    except (jwt.PyJWTError, ValueError, TypeError, KeyError, AttributeError, OverflowError):
        return None
    return VerificationKey(listed.get("kid"), *found, material) if found else None


def _verifies(listed: Mapping[str, Any]) -> bool:
    kind, kid, operations = listed.get("kty"), listed.get("kid"), listed.get("key_ops", ["verify"])
    return (
        isinstance(kind, str)
        and kind in ALGORITHMS
        and listed.get("alg", ALGORITHMS[kind]) == ALGORITHMS[kind]
        and listed.get("use", "sig") == "sig"
        and isinstance(operations, list)
        and "verify" in operations
        and (kid is None or isinstance(kid, str))
        and "d" not in listed  # a private key: whoever reads it can sign
    )
