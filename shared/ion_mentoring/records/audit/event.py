"""An event for the audit log, as whoever saw it tells it: with ids as they are, which are never kept so."""

from dataclasses import dataclass, field
from typing import Literal, Protocol

Kind = Literal[
    "key_created",
    "key_rotated",
    "key_revoked",
    "cache_invalidated",
    "token_revoked",
    "sessions_listed",
    "session_read",
    "session_erased",
    "ratings_listed",
    "rating_erased",
    "ratings_exported",
    "profile_read",
    "profile_changed",
    "consent_changed",
    "batch_read",
    "batch_changed",
    "flag_turned",
    "experiment_made",
    "experiment_started",
    "experiment_stopped",
    "experiment_rolled_back",
    "user_erased",
    "user_exported",
    "refused",
    "records_lost",
]
Fact = Literal["role", "scopes", "by", "needs", "progress", "count", "flag", "variant", "experiment", "phase", "exposure"]


@dataclass(frozen=True, slots=True)
class AuditEvent:
    """Something that a caller did, or was refused.

    `who` is the caller's id, `address` its network, `path` the endpoint's, `outcome` is `done` or the code of an error.
    `target` names what it was done to (a key, an owner, a pattern), in the tenant `target_tenant`. Both ids become pseudonyms;
    `facts` are kept as they are: words of our own tables and numbers, and never what a person wrote.
    """

    kind: Kind
    who: str
    tenant: str
    roles: tuple[str, ...]
    address: str
    path: str
    outcome: str = "done"
    target: str | None = None
    target_tenant: str | None = None
    facts: dict[Fact, str] = field(default_factory=dict)


class Audit(Protocol):
    """The audit log, for whoever has something to tell it."""

    async def tell(self, event: AuditEvent) -> None:
        """Writes an event down. Never an error: what the store does not take is in the log, and is written later."""
