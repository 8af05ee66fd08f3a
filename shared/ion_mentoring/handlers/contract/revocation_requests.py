"""The request to revoke tokens, and its answer."""

from typing import Annotated, Literal

from pydantic import Field
from typing_extensions import TypedDict

from ion_mentoring.handlers.web.bodies import Body

Named = Annotated[str, Field(min_length=1, max_length=256)]


class RevokeTokensRequest(Body):
    """One token by its `jti`, or all that a `subject` was given up to now; `tenant` is for callers of the service alone."""

    by: Literal["jti", "subject"]
    value: Named
    tenant: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")] | None = None


class RevokedTokensView(TypedDict):
    """The revocation; it is known everywhere after `everywhere_within_s` seconds."""

    success: bool
    tenant: str
    by: Literal["jti", "subject"]
    value: str
    revoked_at: str
    everywhere_within_s: float
    request_id: str
    timestamp: str
