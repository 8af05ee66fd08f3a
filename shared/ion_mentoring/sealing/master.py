"""The master key: it wraps the keys of periods, and nothing else, so it is asked once an instance and never for an answer."""

import os
import secrets
from pathlib import Path
from typing import Final, Protocol

from ion_mentoring.errors import SettingsInvalid

KEY_BYTES: Final = 32
MODE: Final = 0o600


class MasterKey(Protocol):
    """Wraps and unwraps; StoreUnavailable if whoever has the key does not answer."""

    async def wrap(self, data: bytes, at: str) -> bytes:
        """Keys wrapped for a place."""

    async def unwrap(self, data: bytes, at: str) -> bytes | None:
        """The keys again; None for what this master key has not wrapped for that place."""


class OwnMasterKey:
    """A master key in this process; `keys` are the newest, which wraps, and older ones, which still unwrap."""

    def __init__(self, *keys: bytes) -> None:
        self._keys = keys

    async def wrap(self, data: bytes, at: str) -> bytes:
        """Wrapped under the newest."""
        from ion_mentoring.sealing.words import wrapped

        return wrapped(self._keys[0], data, at)

    async def unwrap(self, data: bytes, at: str) -> bytes | None:
        """Unwrapped under whichever it was."""
        from ion_mentoring.sealing.words import unwrapped

        return next((found for key in self._keys if (found := unwrapped(key, data, at)) is not None), None)


class KeyFile:
    """A master key in a file for its owner alone, made when it is first needed: 64 hexadecimal digits a line, the newest first.

    SettingsInvalid for a file that others may read, or that holds something else.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._key: tuple[int, OwnMasterKey] | None = None  # as it was read, with the file's time

    async def wrap(self, data: bytes, at: str) -> bytes:
        """Wrapped under the newest."""
        return await self._read().wrap(data, at)

    async def unwrap(self, data: bytes, at: str) -> bytes | None:
        """Unwrapped under whichever it was."""
        return await self._read().unwrap(data, at)

    def rotate(self) -> None:
        """Puts a new key before the others."""
        self._read()
        lines = self._path.read_text().splitlines()
        self._write("\n".join((secrets.token_hex(KEY_BYTES), *lines)) + "\n")

    def forget_older(self) -> None:
        """Keeps the newest alone: nothing may lie under the others any more."""
        self._read()
        self._write(self._path.read_text().splitlines()[0] + "\n")

    def _read(self) -> OwnMasterKey:
        """The key of the file as it is now: another process may have rotated it."""
        self._made()
        found = self._path.stat()
        if self._key is None or self._key[0] != found.st_mtime_ns:
            if found.st_mode & 0o077:
                raise SettingsInvalid("SEALING_KEY_FILE: others than its owner may read it (chmod 600)")
            self._key = found.st_mtime_ns, OwnMasterKey(*self._keys())
        return self._key[1]

    def _keys(self) -> list[bytes]:
        try:
            keys = [bytes.fromhex(line) for line in self._path.read_text().split()]
        except ValueError:
            keys = []
        if not keys or any(len(key) != KEY_BYTES for key in keys):
            raise SettingsInvalid("SEALING_KEY_FILE: holds something else than lines of 64 hexadecimal digits")
        return keys

    def _made(self) -> None:
        """Makes it whole or not at all: of several processes that try at once, one wins."""
        if self._path.exists():
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        new = self._new(secrets.token_hex(KEY_BYTES) + "\n")
        try:
            os.link(new, self._path)
        except FileExistsError:
            pass
        finally:
            new.unlink()

    def _write(self, text: str) -> None:
        self._new(text).replace(self._path)

    def _new(self, text: str) -> Path:
        new = self._path.with_name(f".{self._path.name}.{secrets.token_hex(8)}")
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, MODE), "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        return new
