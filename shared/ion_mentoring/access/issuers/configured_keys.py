"""The keys of issuers that the settings name, looked at once, before anybody relies on them."""

import hashlib
from collections.abc import Collection, Mapping
from typing import Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from ion_mentoring.access.issuers.jwks import RSA_BITS, public_key
from ion_mentoring.access.issuers.key import VerificationKey
from ion_mentoring.errors import SettingsInvalid

SECRET_BYTES: Final = 32  # a key for HS256 is as long as its hash at least (RFC 7518, 3.2)
PUBLIC: Final = ("-----BEGIN", "ssh-", "ecdsa-")  # how what everybody may know begins: it is no secret
KINDS: Final[Mapping[str, str]] = {
    "RS256": f"an RSA key of {RSA_BITS.start} to {RSA_BITS.stop - 1} bits",
    "ES256": "a key on the curve P-256",
    "EdDSA": "an Ed25519 key",
}


def secret_key(secret: str, setting: str) -> VerificationKey:
    """The key of HS256; SettingsInvalid, without showing it, if tokens could not be relied on with it."""
    if secret.lstrip().startswith(PUBLIC):
        raise _invalid(setting, "a public key is no secret for HS256; another algorithm needs it")
    if len(secret.encode()) < SECRET_BYTES:
        raise _invalid(setting, f"a secret for HS256 has {SECRET_BYTES} bytes or more")
    return VerificationKey(None, "HS256", hashlib.sha256(secret.encode()).digest(), secret)


def pem_key(pem: str, algorithms: Collection[str], setting: str) -> VerificationKey:
    """A public key as PEM, of the one of the algorithms that it is for; SettingsInvalid if it is for none of them."""
    try:
        material = load_pem_public_key(pem.encode())
    except (ValueError, UnsupportedAlgorithm):
        material = None
    found = public_key(material)
    if found is None or found[0] not in algorithms:
        wanted = " or ".join(kind for algorithm, kind in KINDS.items() if algorithm in algorithms)
        raise _invalid(setting, f"is no public key as PEM that fits: {wanted}")
    return VerificationKey(None, *found, material)


def _invalid(setting: str, said: str) -> SettingsInvalid:
    return SettingsInvalid(f"{setting}: {said}", field=setting)
