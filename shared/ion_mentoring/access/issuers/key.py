"""A key that tokens of one algorithm are verified with."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from msgspec import Struct


@dataclass(frozen=True, slots=True)
class VerificationKey:
    """A key: `material` as PyJWT takes it, parsed once. Two with the same name and `fingerprint` are the same key."""

    kid: str | None
    algorithm: str
    fingerprint: bytes = field(repr=False)
    material: Any = field(repr=False, compare=False)


class KeySet(Protocol):
    """The keys of one issuer."""

    def trusted(self, now: float) -> int | None:
        """The generation of the keys, None while none may be relied on; what an earlier one has verified is verified again."""

    async def find(self, kid: str | None, algorithm: str) -> Sequence[VerificationKey]:
        """The keys that a token may be signed with; IssuerUnavailable if they are not known and cannot be asked for."""


class FixedKeys(Struct, frozen=True):
    """Keys that the settings name, all of them tried."""

    keys: tuple[VerificationKey, ...]

    def trusted(self, now: float) -> int | None:
        """Always the first generation."""
        return 0

    async def find(self, kid: str | None, algorithm: str) -> Sequence[VerificationKey]:
        """The keys of an algorithm; settings give them no names."""
        return [key for key in self.keys if key.algorithm == algorithm]
