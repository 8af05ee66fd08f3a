"""The requests about API keys, checked, and what they are answered."""

from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, Field
from pydantic_core import PydanticCustomError
from typing_extensions import TypedDict

from ion_mentoring.access.caller import TENANT, Role, Scope
from ion_mentoring.handlers.web.bodies import Body
from ion_mentoring.handlers.web.responses import timestamp
from ion_mentoring.records.keys.protocol import KeyRecord

MOST_TOKENS = 10**12
LONGEST_OVERLAP_S = 30 * 86_400
A_DAY_S = 86_400
PUBLIC = "ion_"

KeyName = Annotated[str, Field(pattern=r"^[^\x00-\x1f\x7f]{1,64}$", description="For people: what the key is for.")]
Tenant = Annotated[str, Field(pattern=rf"^{TENANT}$")]


def _utc(at: datetime) -> datetime:
    try:
        return at.astimezone(UTC)
    except OverflowError:
        raise PydanticCustomError("time", "is no time that a calendar has") from None


Utc = Annotated[AwareDatetime, Field(strict=False), AfterValidator(_utc)]


class CreateKeyRequest(Body):
    """A key to be made; scopes are all that its role has, unless they are named."""

    name: KeyName
    role: Annotated[Role, Field(strict=False)]
    scopes: Annotated[frozenset[Annotated[Scope, Field(strict=False)]] | None, Field(strict=False)] = None
    expires_at: Utc | None = None
    requests_per_minute: Annotated[int, Field(ge=1, le=1_000_000)] | None = None
    monthly_tokens: Annotated[int, Field(ge=0, lt=MOST_TOKENS)] | None = None
    tenant: Annotated[Tenant | None, Field(description="For admins of the service: whose key it is to be.")] = None


class RotateKeyRequest(Body):
    """The time for which the secret before goes on beside the new one."""

    overlap_s: Annotated[int, Field(ge=0, le=LONGEST_OVERLAP_S)] = A_DAY_S


class KeyView(TypedDict):
    """A key without its secret; `prefix` is how it begins. `last_used_at` is right to the minute. One of `bootstrap` stands in
    the setting API_KEYS, and is changed there alone."""

    id: str | None
    prefix: str
    name: str
    tenant: str
    role: str
    scopes: list[str]
    created_at: str | None
    created_by: str | None
    expires_at: str | None
    revoked_at: str | None
    last_used_at: str | None
    rotating_until: str | None
    requests_per_minute: int | None
    monthly_tokens: int | None
    bootstrap: bool


class IssuedKeyView(TypedDict):
    """A key with its secret, which is shown this once."""

    success: bool
    api_key: str
    key: KeyView
    request_id: str
    timestamp: str


class KeyListView(TypedDict):
    """The keys of a tenant, the oldest first."""

    success: bool
    keys: list[KeyView]
    request_id: str
    timestamp: str


class RevokedKeyView(TypedDict):
    """The end of a key: here at once, in every other instance of the region after so many seconds at the latest."""

    success: bool
    key: KeyView
    everywhere_within_s: float
    request_id: str
    timestamp: str


def key_view(record: KeyRecord, used_at: datetime | None = None) -> KeyView:
    """A key as those who administer it see it."""
    return {
        "id": record.id,
        "prefix": f"{PUBLIC}{record.id}",
        "name": record.name,
        "tenant": record.tenant,
        "role": record.role,
        "scopes": list(record.scopes),
        "created_at": timestamp(record.created_at),
        "created_by": record.created_by,
        "expires_at": _shown(record.ends_at),
        "revoked_at": _shown(record.revoked_at),
        "last_used_at": _shown(used_at),
        "rotating_until": _shown(max((mark.ends_at for mark in record.secrets if mark.ends_at), default=None)),
        "requests_per_minute": record.per_minute,
        "monthly_tokens": record.monthly_tokens,
        "bootstrap": False,
    }


def bootstrap_view(tenant: str, name: str, role: str, scopes: list[str], monthly_tokens: int | None) -> KeyView:
    """A key of the setting API_KEYS."""
    unknown: dict[str, Any] = dict.fromkeys(
        ("id", "created_at", "created_by", "expires_at", "revoked_at", "last_used_at", "rotating_until", "requests_per_minute")
    )
    told = {"prefix": PUBLIC, "name": name, "tenant": tenant, "role": role, "scopes": scopes}
    view: KeyView = {**unknown, **told, "monthly_tokens": monthly_tokens, "bootstrap": True}  # type: ignore[typeddict-item]
    return view


def _shown(at: datetime | None) -> str | None:
    return timestamp(at) if at else None
