"""The master key that settings name, and its opening before anybody waits for it."""

import asyncio
import os
from pathlib import Path

from ion_mentoring.backends.kms import KmsMasterKey
from ion_mentoring.errors import StoreUnavailable
from ion_mentoring.sealing.master import KeyFile, OwnMasterKey
from ion_mentoring.settings.store import Store
from ion_mentoring.wiring.sealing import LAPTOP_KEY, master_key, open_soon
from ion_mentoring.wiring.stores import stores

KMS = "projects/p/locations/l/keyRings/r/cryptoKeys/k"


def test_it_is_the_one_that_settings_name_else_one_beside_the_store(tmp_path: Path) -> None:
    assert isinstance(master_key(Store(store="firestore://p", sealing_kms_key=KMS)), KmsMasterKey)
    assert isinstance(master_key(Store(store="sqlite:///:memory:")), OwnMasterKey)
    named = {
        "x/own.key": Store(store="firestore://p", sealing_key_file="x/own.key"),
        f"{tmp_path}/sealing.key": Store(store=f"sqlite:///{tmp_path}/ion.sqlite3"),
        LAPTOP_KEY: Store(store="firestore://p"),
    }
    for path, settings in named.items():
        key = master_key(settings)
        assert isinstance(key, KeyFile)
        assert os.fspath(key._path) == path


class Told(OwnMasterKey):
    """A master key that says when it was asked, and is away."""

    def __init__(self) -> None:
        super().__init__(b"a" * 32)
        self.asked = asyncio.Event()

    async def wrap(self, data: bytes, at: str) -> bytes:
        self.asked.set()
        raise StoreUnavailable("away")


async def test_it_is_opened_beside_what_comes_first_and_its_absence_hurts_nobody() -> None:
    master = Told()
    open_soon(stores("sqlite:///:memory:", master).keyring)
    async with asyncio.timeout(20):
        await master.asked.wait()
    await asyncio.sleep(0)


def test_without_a_loop_it_is_opened_when_it_is_needed() -> None:
    open_soon(stores("sqlite:///:memory:").keyring)
