"""Marks and pseudonyms of the audit log: keyed hashes under the secrets of the deployment, the newest first."""

import hashlib
import hmac
from collections.abc import Sequence
from typing import Final

from ion_mentoring.sealing.keys import derived

PSEUDONYM_BYTES: Final = 10
NAME_BYTES: Final = 4


class AuditKeys:
    """New records are marked under the first of some secrets; records under another of them are known, too.

    Marks and pseudonyms have keys of their own, so that whoever verifies marks could be given those alone.
    """

    def __init__(self, secrets: Sequence[bytes]) -> None:
        self._marking = {_name(secret): derived(secret, b"ion-audit-mark") for secret in reversed(secrets)}
        self._naming = [derived(secret, b"ion-audit-name") for secret in secrets]
        self.newest = _name(secrets[0])

    def mark(self, key: str, content: bytes) -> str | None:
        """The mark of a content under the key of a name; None if there is no such key."""
        secret = self._marking.get(key)
        return hmac.digest(secret, content, hashlib.sha256).hex() if secret else None

    def pseudonym(self, name: str) -> str:
        """The pseudonym of a caller, a network, or what something was done to."""
        return _pseudonym(self._naming[0], name)

    def pseudonyms(self, name: str) -> frozenset[str]:
        """All that it was ever given: one a secret."""
        return frozenset(_pseudonym(secret, name) for secret in self._naming)


def _name(secret: bytes) -> str:
    return hashlib.blake2b(key=derived(secret, b"ion-audit-key"), digest_size=NAME_BYTES).hexdigest()


def _pseudonym(secret: bytes, name: str) -> str:
    text = name.encode("utf-8", "surrogatepass")
    return hashlib.blake2b(text, key=secret, digest_size=PSEUDONYM_BYTES).hexdigest()
