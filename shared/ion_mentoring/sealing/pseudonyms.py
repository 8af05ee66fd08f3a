"""Pseudonyms by which people are told apart in logs, traces and Sentry: keyed hashes, other ones every day (UTC)."""

import hashlib
import re
from collections.abc import Callable
from typing import Final

from ion_mentoring.sealing.keys import derived

# Callers that are a person or a network; what programs are called (`key:web`) is told as it is, and a guest's id is drawn.
PERSON: Final = re.compile(r"(?P<whose>(?:[a-z0-9-]+/)?(?:sub|address):).*", re.DOTALL)
MARK_BYTES: Final = 8
DAY_S: Final = 86_400
MOST_KNOWN: Final = 4_096  # names of a day that are not hashed again


class Pseudonyms:
    """Names people under one secret: the same one all day, and one that nobody can tie to it the next day.

    `now` is wall-clock time in seconds. `sub:kim` becomes `sub:~` with 16 hexadecimal digits.
    """

    def __init__(self, secret: bytes, now: Callable[[], float]) -> None:
        self._secret = derived(secret, b"ion-pseudonym")
        self._now = now
        self._day = -1
        self._known: dict[str, str] = {}

    def __call__(self, caller: str) -> str:
        """The name of a caller that may be told."""
        if (day := int(self._now() // DAY_S)) != self._day:
            self._day, self._known = day, {}
        name = self._known.get(caller)
        return name if name is not None else self._learnt(caller)

    def _learnt(self, caller: str) -> str:
        if len(self._known) >= MOST_KNOWN:
            self._known = {}
        found = PERSON.fullmatch(caller)
        name = f"{found['whose']}~{self._mark(caller)}" if found else caller
        self._known[caller] = name
        return name

    def _mark(self, caller: str) -> str:
        key = hashlib.blake2b(str(self._day).encode(), key=self._secret, digest_size=32).digest()
        return hashlib.blake2b(caller.encode("utf-8", "surrogatepass"), key=key, digest_size=MARK_BYTES).hexdigest()
