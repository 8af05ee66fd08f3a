"""Tokens that were verified, by digest until their end: a signature costs more than the rest of a cached answer."""

from collections import OrderedDict
from typing import Final, Generic, TypeVar

from msgspec import Struct

from ion_mentoring.access.issuers.key import KeySet

MOST: Final = 20_000  # beyond them, those that were verified first are verified again

Holder = TypeVar("Holder")


class VerifiedToken(Struct, Generic[Holder], frozen=True):
    """The holder of a token until it ends (Unix seconds), as keys of one generation have verified it."""

    holder: Holder
    ends_at: float
    keys: KeySet
    generation: int | None


class VerifiedTokens(Generic[Holder]):
    """Keeps at most `most` of them."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._kept: OrderedDict[bytes, VerifiedToken[Holder]] = OrderedDict()

    def holder(self, digest: bytes, now: float) -> Holder | None:
        """The holder of a token, None if it has to be verified: since it is new, has ended, or its key may be withdrawn."""
        kept = self._kept.get(digest)
        if kept is None:
            return None
        if now < kept.ends_at and kept.generation == kept.keys.trusted(now):
            return kept.holder
        del self._kept[digest]
        return None

    def keep(self, digest: bytes, token: VerifiedToken[Holder]) -> None:
        """Keeps one that was verified just now."""
        self._kept[digest] = token
        if len(self._kept) > self._most:
            self._kept.popitem(last=False)

    def forget(self) -> None:
        """Forgets all, since some of them may not hold any more."""
        self._kept.clear()
