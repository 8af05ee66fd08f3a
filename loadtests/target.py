"""The set that gets the load: one that is started for it here, or one at a URL."""

import json
import os
import platform
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import httpx2

from ion_mentoring.access.api_keys import new_key
from ion_mentoring.access.caller import Role
from ion_mentoring.local.served import served
from loadtests.trouble import NothingToSay

KEYS_HERE: Final = {Role.MENTEE: 40, Role.SERVICE: 10, Role.OPERATOR: 1}  # one caller gets a quarter of an instance at most


@dataclass(frozen=True, slots=True)
class Target:
    """The URL of a set, API keys by role, and the machine or address by which its runs are compared."""

    url: str
    place: str
    keys: dict[str, list[str]] = field(default_factory=dict)
    pid: int | None = None


@contextmanager
def target(url: str | None, more: Mapping[str, str] | None = None) -> Iterator[Target]:
    """The set at `url`, with the keys of LOAD_KEYS; without a URL, one of this checkout, for as long as it is used.

    `more` are settings of that one.
    """
    if url is not None:
        there = url.rstrip("/")
        _listens(there)
        yield Target(there, httpx2.URL(there).host, _keys(os.environ.get("LOAD_KEYS", "")))
        return
    made = [(role, new_key(f"load-{role}-{number}", role)) for role, count in KEYS_HERE.items() for number in range(count)]
    keys: dict[str, list[str]] = {}
    for role, key in made:
        keys.setdefault(role.value, []).append(key.secret)
    settings = {"API_KEYS": ",".join(key.line for _, key in made), "RATE_LIMIT_PER_MINUTE": "1000000", **(more or {})}
    with served(settings) as here:
        yield Target(here.url, _machine(), keys, here.pid)


def _keys(setting: str) -> dict[str, list[str]]:
    """Keys by role, from `role=key` entries parted by commas or white space."""
    keys: dict[str, list[str]] = {}
    for entry in re.split(r"[,\s]+", setting.strip()):
        role, found, secret = entry.partition("=")
        if entry and (not found or role not in set(Role)):
            raise NothingToSay("LOAD_KEYS: wants role=key, with commas between them")
        if entry:
            keys.setdefault(role, []).append(secret)
    return keys


def _listens(url: str) -> None:
    try:
        response = httpx2.get(f"{url}/api/v2/health", timeout=10)
        status = response.json()["status"]
    except httpx2.HTTPError as error:
        raise NothingToSay(f"{url} does not answer: {type(error).__name__}") from error
    except (json.JSONDecodeError, KeyError, TypeError, ValueError) as error:
        raise NothingToSay(f"{url} answers, and is no set of ours") from error
    if status == "unhealthy":
        raise NothingToSay(f"{url} says that it is not well, before any load")


def _machine() -> str:
    model = re.search(r"model name\s*: (.+)", Path("/proc/cpuinfo").read_text(encoding="utf-8")) if _linux() else None
    return f"local, {os.cpu_count()} cores, {model[1] if model else platform.machine()}"


def _linux() -> bool:
    return Path("/proc/cpuinfo").exists()
