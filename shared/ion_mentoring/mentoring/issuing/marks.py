"""The marks of secrets: keyed hashes, so that whoever has the store alone can neither use a key nor try one."""

import hashlib
import hmac
from collections.abc import Iterable

from msgspec import Struct


class SecretMarks(Struct, frozen=True):
    """Marks under the first of some secrets of the deployment; those that were made under another of them are known, too."""

    secrets: tuple[bytes, ...]

    def of(self, key: str) -> str:
        """The mark of a new key."""
        return _mark(self.secrets[0], key)

    def among(self, key: str, macs: Iterable[str]) -> str | None:
        """The one of some marks that is this key's."""
        known = [_mark(secret, key) for secret in self.secrets]
        return next((mac for mac in macs if any(hmac.compare_digest(mac, mark) for mark in known)), None)


def _mark(secret: bytes, key: str) -> str:
    return hmac.digest(secret, key.encode("utf-8", "surrogatepass"), hashlib.sha256).hex()
