"""The keys that signed tokens are verified with, looked at once, before anybody relies on them."""

from collections.abc import Callable, Mapping
from typing import Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from ion_mentoring.errors import SettingsInvalid

SECRET_BYTES: Final = 32  # a key for HS256 is as long as its hash at least (RFC 7518, 3.2)
RSA_BITS: Final = 2_048  # RFC 7518, 3.3
PUBLIC: Final = ("-----BEGIN", "ssh-", "ecdsa-")  # how what everybody may know begins: it is no secret


def must_fit(key: str, algorithm: str) -> None:
    """SettingsInvalid if tokens of this algorithm could not be relied on with this key; never shows it."""
    said = _KINDS[algorithm](key)
    if said:
        raise SettingsInvalid(f"JWT_KEY: {said}", field="JWT_KEY")


def _secret(key: str) -> str:
    if key.lstrip().startswith(PUBLIC):
        return "a public key is no secret for HS256; JWT_ALGORITHM says what it is for"
    return "" if len(key.encode()) >= SECRET_BYTES else f"a secret for HS256 has {SECRET_BYTES} bytes or more"


def _rsa(key: str) -> str:
    public = _public(key)
    if not isinstance(public, RSAPublicKey):
        return "is no public RSA key as PEM, which RS256 needs"
    return "" if public.key_size >= RSA_BITS else f"an RSA key has {RSA_BITS} bits or more"


def _curve(key: str) -> str:
    public = _public(key)
    fits = isinstance(public, EllipticCurvePublicKey) and isinstance(public.curve, SECP256R1)
    return "" if fits else "is no public key on the curve P-256 as PEM, which ES256 needs"


def _public(key: str) -> object:
    try:
        return load_pem_public_key(key.encode())
    except (ValueError, UnsupportedAlgorithm):
        return None


_KINDS: Final[Mapping[str, Callable[[str], str]]] = {"HS256": _secret, "RS256": _rsa, "ES256": _curve}
