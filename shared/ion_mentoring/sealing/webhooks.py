"""Signatures of what is sent to webhooks: HMAC-SHA256 over time and body, under a secret of each owner's own.

An owner's secrets are made of the masters, so none of them has to be kept. While a master is replaced there are two, and what
is sent carries a signature under each: a receiver that knows either can tell.
"""

import base64
import hashlib
import hmac
from collections.abc import Sequence


def secrets_of(masters: Sequence[str], owner: str) -> tuple[str, ...]:
    """The secrets of an owner, the newest first."""
    return tuple(_secret(master, owner) for master in masters)


def signature(secrets: Sequence[str], body: bytes, at: int) -> str:
    """The header's value: `t` is the time in seconds, each `v1` a signature of `t.body`."""
    signed = b"%d.%b" % (at, body)
    parts = [hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest() for secret in secrets]
    return ",".join((f"t={at}", *(f"v1={part}" for part in parts)))


def _secret(master: str, owner: str) -> str:
    made = hmac.new(master.encode(), b"ion-webhook\0" + owner.encode("utf-8", "surrogatepass"), hashlib.sha256).digest()
    return f"whsec_{base64.urlsafe_b64encode(made).decode().rstrip('=')}"
