"""This function's own OAuth access token, for what Google's interfaces ask of it."""

from collections.abc import Callable
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ion_mentoring.backends.identity.cached_token import CachedToken, Token
from ion_mentoring.backends.identity.metadata import MetadataServer
from ion_mentoring.errors import IdentityUnavailable


class AccessTokens:
    """Access tokens of the service account that this runs as, one after the other; `now` is wall-clock time in seconds."""

    def __init__(self, metadata: MetadataServer, now: Callable[[], float]) -> None:
        self._metadata = metadata
        self._now = now
        self._kept = CachedToken(self._fetch, now)

    async def token(self) -> str:
        """A token that is valid now; IdentityUnavailable, in bounded time, if none can be had."""
        return await self._kept.text()

    async def _fetch(self) -> Token:
        asked_at = self._now()
        grant = _granted(await self._metadata.ask("token"))
        return Token(grant.access_token, asked_at + grant.expires_in)


class _Grant(BaseModel):
    model_config = ConfigDict(frozen=True)

    access_token: Annotated[str, Field(pattern=r"^[!-~]+$")]
    expires_in: Annotated[float, Field(gt=0, le=86_400)]


def _granted(answer: str) -> _Grant:
    try:
        return _Grant.model_validate_json(answer)
    except ValidationError:
        raise IdentityUnavailable("metadata server: no access token in its answer") from None  # which would show the token
