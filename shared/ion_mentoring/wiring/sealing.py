"""The master key that settings name; Cloud KMS's client is imported only where it is used."""

import asyncio
import os
from contextlib import suppress
from pathlib import Path
from typing import Final

from ion_mentoring.errors import StoreUnavailable
from ion_mentoring.records.user_keys.keyring import Keyring
from ion_mentoring.sealing.master import KeyFile, MasterKey, OwnMasterKey
from ion_mentoring.settings.store import Store

MEMORY: Final = "sqlite:///:memory:"
LAPTOP_KEY: Final = ".data/sealing.key"

_OPENING: Final[set[asyncio.Task[None]]] = set()


def master_key(settings: Store) -> MasterKey:
    """The master key that settings name; where they name none, one in a file beside the store, or of this process alone."""
    if settings.sealing_kms_key:
        from ion_mentoring.backends.kms import KmsMasterKey

        return KmsMasterKey(settings.sealing_kms_key)
    if settings.sealing_key_file:
        return KeyFile(Path(settings.sealing_key_file))
    if settings.store == MEMORY:
        return OwnMasterKey(os.urandom(32))
    file = settings.store.startswith("sqlite:///") and Path(settings.store.removeprefix("sqlite:///")).parent / "sealing.key"
    return KeyFile(file or Path(LAPTOP_KEY))


def open_soon(keyring: Keyring) -> None:
    """Opens the key of names beside whatever comes first, where a loop runs: a person's first question need not wait for it."""
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        return
    task = loop.create_task(_opened(keyring))
    _OPENING.add(task)
    task.add_done_callback(_OPENING.discard)


async def _opened(keyring: Keyring) -> None:
    with suppress(StoreUnavailable):
        await keyring.names()
