"""Keyrings as instances of one set have them: over one store, under one master key."""

import os
import time
from collections.abc import Callable
from datetime import UTC, datetime

from ion_mentoring.records.user_keys.keyring import Keyring
from ion_mentoring.records.user_keys.protocol import KeyStore
from ion_mentoring.sealing.master import MasterKey, OwnMasterKey

MASTER = OwnMasterKey(b"m" * 32)


def now() -> datetime:
    """The time in UTC."""
    return datetime.now(UTC)


def keyring(
    store: KeyStore,
    *,
    master: MasterKey = MASTER,
    now: Callable[[], datetime] = now,
    clock: Callable[[], float] = time.monotonic,
) -> Keyring:
    """One more instance's keyring."""
    return Keyring(store, master, now, clock, os.urandom)
