"""The bootstrap keys of the setting API_KEYS: 256 random bits, shown once; only their SHA-256 is kept, so a leaked setting
opens nothing. With one of them an admin issues the others, which are records (`mentoring/issuing`).

A plain hash is right here, since a key is random and cannot be guessed from a list (NIST SP 800-63B, 5.1.2).
"""

import hashlib
import re

from msgspec import Struct

from ion_mentoring.access.caller import DEFAULT_TENANT, TENANT, Caller, Role, qualified
from ion_mentoring.access.key_format import new_id, new_secret
from ion_mentoring.errors import SettingsInvalid, Unauthenticated

OWNER = rf"({TENANT}/)?[A-Za-z0-9._-]{{1,64}}"
_LINE = re.compile(rf"^(?P<owner>{OWNER}):(?P<role>[a-z]+):(?P<sha256>[0-9a-f]{{64}})(:(?P<tokens>[0-9]{{1,12}}))?$")


class NewKey(Struct, frozen=True):
    """A key just made: `secret` goes to its owner, `line` into the setting API_KEYS."""

    secret: str
    line: str


def new_key(owner: str, role: Role, monthly_tokens: int | None = None) -> NewKey:
    """A fresh key of one owner (`name`, or `tenant/name`); SettingsInvalid for one that no entry of API_KEYS could name."""
    if not re.fullmatch(OWNER, owner):
        raise SettingsInvalid("owner: 1 to 64 letters, digits, . _ - after a tenant and / where it has one", field="owner")
    secret = new_secret(new_id())
    budget = "" if monthly_tokens is None else f":{monthly_tokens}"
    return NewKey(secret, f"{owner}:{role}:{_digest(secret)}{budget}")


class ApiKeys:
    """The keys that are valid, by digest."""

    def __init__(self, callers: dict[str, Caller]) -> None:
        self._callers = callers

    @staticmethod
    def parse(setting: str) -> "ApiKeys":
        """Keys from `[tenant/]name:role:sha256[:monthly tokens]` entries, parted by commas or white space.

        SettingsInvalid names a bad entry's place.
        """
        callers = {}
        for place, entry in enumerate(re.split(r"[,\s]+", setting.strip()), 1):
            found = _LINE.match(entry)
            if not found or found["role"] not in set(Role):
                raise SettingsInvalid(f"API_KEYS: entry {place} is not [tenant/]name:role:sha256[:tokens]", field="API_KEYS")
            callers[found["sha256"]] = _caller(found)
        return ApiKeys(callers)

    @property
    def callers(self) -> tuple[Caller, ...]:
        """The owners of all keys."""
        return tuple(self._callers.values())

    def find(self, secret: str) -> Caller | None:
        """The owner of a key, if it is one of these."""
        return self._callers.get(_digest(secret))

    async def caller(self, secret: str) -> Caller:
        """The owner of a key; Unauthenticated for any other text."""
        caller = self.find(secret)
        if caller is None:
            raise Unauthenticated("unknown API key")
        return caller


def _caller(entry: re.Match[str]) -> Caller:
    tenant, _, name = entry["owner"].rpartition("/")
    tenant = tenant or DEFAULT_TENANT
    tokens = int(entry["tokens"]) if entry["tokens"] else None
    return Caller(qualified(tenant, f"key:{name}"), frozenset({Role(entry["role"])}), monthly_tokens=tokens, tenant=tenant)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
