"""Naming the caller from a request's credentials."""

from typing import Final, NamedTuple, Protocol

from ion_mentoring.access.caller import Caller, Role
from ion_mentoring.errors import Unauthenticated

GUEST_PREFIX: Final = "ion-guest."
DEVELOPER: Final = Caller("local", frozenset(Role), everybody=True)


class Verifier(Protocol):
    """Turns a secret or a token into its owner."""

    async def caller(self, credential: str, /) -> Caller:
        """The owner; Unauthenticated if the credential does not hold."""


class Credentials(NamedTuple):
    """The credentials of a request; `address` is the client's own network, after the trusted proxies."""

    authorization: str | None
    api_key: str | None
    address: str

    @property
    def brought(self) -> bool:
        """True if there is any."""
        return self.api_key is not None or self.authorization is not None


class GuestVerifier(Protocol):
    """Turns a pass into its guest."""

    def caller(self, token: str, network: str, /) -> Caller:
        """The guest, who calls from a network; Unauthenticated if the pass does not hold."""


class Authenticator:
    """Names callers: an API key, else a bearer token, else a stranger; on a laptop a stranger is the developer."""

    def __init__(
        self, *, keys: Verifier | None, tokens: Verifier | None, laptop: bool, guests: GuestVerifier | None = None
    ) -> None:
        self._keys = keys
        self._tokens = tokens
        self._guests = guests
        self._laptop = laptop

    async def caller(self, credentials: Credentials) -> Caller:
        """The caller; Unauthenticated if a credential was sent that does not hold, even where none is needed."""
        if credentials.api_key is not None:
            return await self._verified(self._keys, credentials.api_key)
        if credentials.authorization is not None:
            scheme, _, token = credentials.authorization.partition(" ")
            if scheme.lower() != "bearer" or not token.strip():
                raise Unauthenticated("Authorization is no bearer token")
            if self._guests and token.lstrip().startswith(GUEST_PREFIX):
                return self._guests.caller(token.strip(), credentials.address)
            return await self._verified(self._tokens, token.strip())
        if self._laptop:
            return DEVELOPER
        return Caller(f"address:{credentials.address}", known=False)

    @staticmethod
    async def _verified(verifier: Verifier | None, credential: str) -> Caller:
        if verifier is None:
            raise Unauthenticated("this kind of credential is not configured")
        return await verifier.caller(credential)
