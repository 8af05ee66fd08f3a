"""The evaluation of a flag, in OpenFeature's words (https://openfeature.dev/specification)."""

from collections.abc import Mapping
from typing import Any, Generic, Literal, Protocol

from msgspec import Struct

from ion_mentoring.flags.flag import Flag, Value

Reason = Literal["DEFAULT", "STATIC", "TARGETING_MATCH", "STALE", "ERROR"]
ErrorCode = Literal["PROVIDER_NOT_READY", "GENERAL"]
Chosen = Mapping[str | None, str]  # the variants that were chosen for a flag, by tenant; None is for all of them


class Evaluation(Struct, Generic[Value], frozen=True):
    """A value, the variant that it is, and the reason. An error gives the default.

    DEFAULT: nobody chose; STATIC: chosen for all; TARGETING_MATCH: chosen for the tenant; STALE: chosen as far as is known,
    since the store did not answer lately; ERROR: it never did (PROVIDER_NOT_READY), or what was chosen is no variant any more
    (GENERAL).
    """

    value: Value
    variant: str
    reason: Reason
    error_code: ErrorCode | None = None


class Evaluates(Protocol):
    """An evaluation of flags that waits for nothing."""

    def evaluation(self, flag: Flag[Any], tenant: str) -> Evaluation[Any]:
        """The evaluation of a flag for a tenant."""


def evaluated(flag: Flag[Value], chosen: Chosen, tenant: str, *, stale: bool = False) -> Evaluation[Value]:
    """The evaluation of a flag for a tenant, by what was chosen for it."""
    variant = chosen.get(tenant, chosen.get(None))
    if variant is None:
        return Evaluation(flag.usual, flag.default, "STALE" if stale else "DEFAULT")
    if variant not in flag.variants:
        return Evaluation(flag.usual, flag.default, "ERROR", "GENERAL")
    reason: Reason = "TARGETING_MATCH" if tenant in chosen else "STATIC"
    return Evaluation(flag.variants[variant], variant, "STALE" if stale else reason)
