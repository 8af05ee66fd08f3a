"""An idempotency key: under which name a request is on record, what marks its body, and what seals its answer.

All three come from the key, its caller and the body by keyed BLAKE2b (RFC 7693), so that a record tells nobody the key, the
body or the answer: what opens it is in the request alone.
"""

import hashlib
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class IdempotencyKey:
    """The key of a record: its name, its fingerprint and its secret."""

    name: str
    fingerprint: str
    secret: bytes

    @staticmethod
    def of(caller: str, key: str, request: bytes) -> "IdempotencyKey":
        """The key as one caller sent it with one request; another caller's is another one."""
        owner = caller.encode("utf-8", "surrogatepass")
        whose = len(owner).to_bytes(8, "big") + owner + key.encode("utf-8", "surrogatepass")
        master = hashlib.blake2b(whose, digest_size=32, person=b"ion-once").digest()
        return IdempotencyKey(
            name=hashlib.blake2b(key=master, digest_size=32, person=b"ion-once-name").hexdigest(),
            fingerprint=hashlib.blake2b(request, key=master, digest_size=32, person=b"ion-once-body").hexdigest(),
            secret=hashlib.blake2b(request, key=master, digest_size=32, person=b"ion-once-seal").digest(),
        )
