"""The master key that settings name; Cloud KMS's client is imported only where it is used."""

import os
from pathlib import Path
from typing import Final

from ion_mentoring.sealing.master import KeyFile, MasterKey, OwnMasterKey
from ion_mentoring.settings.store import Store

MEMORY: Final = "sqlite:///:memory:"
LAPTOP_KEY: Final = ".data/sealing.key"


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
