"""Standard output that nobody hears: the event log of functions in the benchmark's own process is on, and goes nowhere."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

STDOUT = 1


@contextmanager
def unheard() -> Iterator[None]:
    """Discard this process's standard output meanwhile."""
    sys.stdout.flush()
    heard, nowhere = os.dup(STDOUT), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, STDOUT)
    try:
        yield
    finally:
        sys.stdout.flush()
        os.dup2(heard, STDOUT)
        os.close(heard)
        os.close(nowhere)
