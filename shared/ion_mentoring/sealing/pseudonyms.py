"""Pseudonyms by which people are told apart in logs, traces and Sentry: keyed hashes, other ones every day (UTC)."""

import hashlib
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

from ion_mentoring.sealing.keys import derived

# Callers that are a person or a network; what programs are called (`key:web`) is told as it is, and a guest's id is drawn.
PERSON: Final = re.compile(r"(?P<whose>(?:[a-z0-9-]+/)?(?:sub|address):).*", re.DOTALL)
MARK_BYTES: Final = 8
MOST_KNOWN: Final = 4_096  # names of a day that are not hashed again


class Pseudonyms:
    """Names people under one secret: the same one all day, and one that nobody can tie to it the next day.

    `now` is the time. `sub:kim` becomes `sub:~` with 16 hexadecimal digits.
    """

    def __init__(self, secret: bytes, now: Callable[[], datetime]) -> None:
        self._secret = derived(secret, b"ion-pseudonym")
        self._now = now
        self._day = ""
        self._known: dict[str, str] = {}

    def __call__(self, caller: str) -> str:
        """The name of a caller that may be told."""
        found = PERSON.fullmatch(caller)
        if found is None:
            return caller
        if (day := self._now().astimezone(UTC).date().isoformat()) != self._day or len(self._known) >= MOST_KNOWN:
            self._day, self._known = day, {}
        name = self._known.get(caller)
        if name is None:
            name = self._known[caller] = f"{found['whose']}~{self.on(day, caller)}"
        return name

    def on(self, day: str, caller: str) -> str:
        """The mark of a caller on a day (`2026-11-29`)."""
        key = hashlib.blake2b(day.encode(), key=self._secret, digest_size=32).digest()
        return hashlib.blake2b(caller.encode("utf-8", "surrogatepass"), key=key, digest_size=MARK_BYTES).hexdigest()
