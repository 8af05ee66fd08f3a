"""The address of a Valkey server, read from a URL."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from ion_mentoring.errors import SettingsInvalid

VARIABLE: Final = "CACHE_URL"
DEFAULT_PORT: Final = 6379

_ENCRYPTED: Final = {"redis": False, "valkey": False, "rediss": True, "valkeys": True}
_TRUTH: Final = {"true": True, "false": False}


@dataclass(frozen=True, slots=True)
class ServerAddress:
    """The address of a server and its protocol; a cluster's address is that of any of its nodes."""

    host: str
    port: int = DEFAULT_PORT
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    database: int = 0
    encrypted: bool = False
    clustered: bool = False

    @staticmethod
    def parse(url: str) -> "ServerAddress":
        """The address of `redis[s]://` or `valkey[s]://[user:password@]host[:port][/database][?cluster=true]`.

        SettingsInvalid says what is wrong with a URL and never shows it, since it may hold a password.
        """
        try:
            parts = urlsplit(url)
            port = parts.port or DEFAULT_PORT
        except ValueError as error:
            raise _invalid("is no URL, or its port is no number up to 65535") from error
        if parts.scheme not in _ENCRYPTED or not parts.hostname:
            raise _invalid("is no redis://, rediss://, valkey:// or valkeys:// URL with a host")
        clustered = _clustered(parse_qs(parts.query, keep_blank_values=True))
        return ServerAddress(
            host=parts.hostname,
            port=port,
            username=unquote(parts.username) if parts.username else None,
            password=unquote(parts.password) if parts.password else None,
            database=_database(parts, clustered),
            encrypted=_ENCRYPTED[parts.scheme],
            clustered=clustered,
        )


def _clustered(options: Mapping[str, list[str]]) -> bool:
    if set(options) - {"cluster"}:
        raise _invalid("has an option that is not known; there is cluster=true")
    said = options.get("cluster", ["false"])[-1].lower()
    if said not in _TRUTH:
        raise _invalid("has a value of cluster that is neither true nor false")
    return _TRUTH[said]


def _database(parts: SplitResult, clustered: bool) -> int:
    said = parts.path.strip("/") or "0"
    if not (said.isascii() and said.isdigit()):
        raise _invalid("has a path that is no number of a database")
    if clustered and int(said):
        raise _invalid("names a database, and a cluster has only 0")
    return int(said)


def _invalid(what: str) -> SettingsInvalid:
    return SettingsInvalid(f"{VARIABLE}: {what}", field=VARIABLE)
