"""The request to revoke tokens, and its answer."""

from typing import Annotated, Self, TypedDict

from pydantic import Field, model_validator

from ion_mentoring.handlers.web.bodies import Body

Named = Annotated[str, Field(min_length=1, max_length=256)]


class RevokeTokensRequest(Body):
    """One token by its `jti`, or all that a subject was given up to now; `tenant` is for callers of the service alone."""

    jti: Named | None = None
    subject: Named | None = None
    tenant: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")] | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.jti is None) == (self.subject is None):
            raise ValueError("either jti or subject")
        return self


class RevokedTokensView(TypedDict):
    """The revocation; it is known everywhere after `everywhere_within_s` seconds."""

    success: bool
    tenant: str
    jti: str | None
    subject: str | None
    revoked_at: str
    everywhere_within_s: float
    request_id: str
    timestamp: str
