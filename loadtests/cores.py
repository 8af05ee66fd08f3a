"""A core of this machine for those programs that are started meanwhile."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from loadtests.trouble import NothingToSay


def cores() -> list[int]:
    """Return the cores that this program may use; NothingToSay where they cannot be chosen."""
    if not hasattr(os, "sched_getaffinity"):
        raise NothingToSay("cores can be chosen on Linux alone")
    return sorted(os.sched_getaffinity(0))


@contextmanager
def on_core(core: int) -> Iterator[None]:
    """Have whatever is started meanwhile run on that core alone; this program goes back to where it was."""
    before = cores()
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)
