"""Ids of requests and traces: drawn by a generator of our own, since asking the system for each takes its time.

They are no secrets. Each process has its own seed from the system, also one that was forked.
"""

import os
import random
from typing import Final

_GENERATOR: Final = random.Random()  # noqa: S311 - no secrets
os.register_at_fork(after_in_child=_GENERATOR.seed)


def drawn(bits: int) -> str:
    """So many random bits, a multiple of 4, in lower-case hexadecimal digits."""
    return f"{_GENERATOR.getrandbits(bits):0{bits // 4}x}"
