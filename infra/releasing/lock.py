"""The lock of an environment: one release at a time, whoever makes it, and never the lock of another one."""

import getpass
import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from infra.releasing.bucket import NEW, Bucket
from infra.user_error import UserError


@dataclass(frozen=True, slots=True)
class Holder:
    """The maker of a release: of which commit, who (an account or a person's login), since when, in which build."""

    commit: str
    by: str
    since: str
    build: str | None = None

    def __str__(self) -> str:
        return f"{self.commit} by {self.by}{f' in build {self.build}' if self.build else ''}, since {self.since}"


def holder(commit: str) -> Holder:
    """The one that this process is; Cloud Build tells its build by BUILD_ID."""
    build = os.environ.get("BUILD_ID")
    by = "Cloud Build" if build else f"{getpass.getuser()} on {socket.gethostname()}"
    return Holder(commit, by, datetime.now(UTC).isoformat(timespec="seconds"), build)


class LockLost(UserError):
    """The lock was taken away, so another release may be changing the same."""


class ReleaseLock:
    """The lock in a bucket; `generation` is that of what this process wrote."""

    def __init__(self, bucket: Bucket, name: str, generation: str | None) -> None:
        self._bucket = bucket
        self._name = name
        self._generation = generation

    def check(self) -> None:
        """Raises LockLost if the lock is another's by now, or nobody's."""
        if self._generation is None or self._bucket.generation(self._name) != self._generation:
            other = _told(self._bucket.read(self._name))
            raise LockLost(f"the lock of this release was taken away, and {other}: nothing more is changed")

    def release(self) -> None:
        """Takes this lock away, and leaves it to whoever took over if it is another one by now, or none."""
        if self._generation is not None:
            self._bucket.remove(self._name, self._generation)


@contextmanager
def held(bucket: Bucket, name: str, who: Holder) -> Iterator[Callable[[], None]]:
    """The check of a lock that is held meanwhile; UserError while another release is on its way, or was killed on it."""
    try:
        bucket.write(name, asdict(who), NEW)
    except UserError as refusal:
        other = bucket.read(name)
        if other is None:
            raise
        raise UserError(
            f"another release is on its way: {_told(other)}. If nobody makes it any more: gcloud storage rm {bucket.url}/{name}"
        ) from refusal
    lock = ReleaseLock(bucket, name, bucket.generation(name))
    try:
        yield lock.check
    finally:
        lock.release()


def _told(value: object) -> str:
    """The holder that a lock names, as far as it does."""
    if value is None:
        return "nobody holds it"
    try:
        return str(Holder(**value))  # type: ignore[arg-type]
    except TypeError:
        return f"{value}"
