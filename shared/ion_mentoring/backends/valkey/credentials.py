"""The credentials of a new connection to L2: the access token of the moment, as Memorystore's IAM authentication takes it.

Source: https://cloud.google.com/memorystore/docs/valkey/about-iam-auth
"""

from collections.abc import Awaitable, Callable
from typing import Final, Protocol

from ion_mentoring.errors import CacheUnavailable, IdentityUnavailable

USER: Final = "default"  # the only one that there is; the token tells who it is


class Connection(Protocol):
    """The part of valkey-py's connection that is used here."""

    async def on_connect(self) -> None:
        """Authenticates, and sets up what else a new connection needs."""

    async def disconnect(self, nowait: bool = False) -> None:
        """Closes it."""


class IamCredentials:
    """A credential provider in the form of valkey-py, which asks for credentials at each new connection and cannot wait.

    So a client is given both, `credential_provider=credentials` and `valkey_connect_func=credentials.introduce`, of which the
    second waits for the token. A connection that is there stays when its token ends: the server asks at its beginning alone.
    """

    def __init__(self, token: Callable[[], Awaitable[str]]) -> None:
        self._token = token
        self._latest = ""

    def get_credentials(self) -> tuple[str, str]:
        """User and password, as the last introduction found them."""
        return USER, self._latest

    async def introduce(self, connection: Connection) -> None:
        """Makes a new connection ready for commands; CacheUnavailable, and the connection closed, if there is no token.

        A connection that is not closed would go into the pool as it is, open and unknown to the server.
        """
        try:
            self._latest = await self._current()
        except BaseException:  # the end of the caller's patience is the most frequent
            await connection.disconnect(nowait=True)
            raise
        await connection.on_connect()

    async def _current(self) -> str:
        try:
            return await self._token()
        except IdentityUnavailable as error:
            raise CacheUnavailable(f"L2: {error}") from error
