"""The pinned requirements that a set of imports needs, and no more."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib.machinery import EXTENSION_SUFFIXES
from importlib.metadata import Distribution, distributions
from typing import Final

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from infra.bundling.lock import LOCK, Pin, Pins
from infra.bundling.platform import applies
from infra.bundling.syntax import Import
from infra.user_error import UserError

# What the platform itself starts, whether main.py imports it or not: functions-framework is the server's command, and
# uvicorn takes uvloop and httptools by itself where they are installed (2.8 to 3.8 instead of 1.5 times synchronous).
ALWAYS: Final = ("functions-framework", "httptools", "uvloop")

# What a distribution takes by itself where it is installed, by the extra that names it: the C parser of valkey's answers.
EXTRAS: Final[Mapping[str, frozenset[str]]] = {"valkey": frozenset({"libvalkey"})}


@dataclass(frozen=True, slots=True)
class Need:
    """A distribution that is needed, with its extras, and the one or the import that needs it."""

    name: str
    extras: frozenset[str]
    by: str


class Installed:
    """The distributions on a path (default: this interpreter's): which of them has a module, and what each requires."""

    def __init__(self, path: list[str] | None = None) -> None:
        found = distributions() if path is None else distributions(path=path)
        self._by_name: dict[str, Distribution] = {}
        for one in found:
            self._by_name.setdefault(canonicalize_name(one.name), one)  # the first on the path is the one that is imported
        self._versions = {name: one.version for name, one in self._by_name.items()}
        self._required: dict[tuple[str, frozenset[str]], tuple[Need, ...]] = {}

    def version(self, name: str) -> str | None:
        """The version that is installed."""
        return self._versions.get(name)

    def having(self, dotted: str) -> tuple[str, ...]:
        """The distributions that list the file of the module `dotted`, or of its closest parent that is a file."""
        parts = dotted.split(".")
        owners = (self._owners.get(".".join(parts[:depth])) for depth in range(len(parts), 0, -1))
        return tuple(sorted(next((found for found in owners if found), ())))

    def required_by(self, need: Need) -> tuple[Need, ...]:
        """The requirements of a distribution on the platform, with its extras followed."""
        asked = (need.name, need.extras)
        if asked not in self._required:
            self._required[asked] = tuple(self._requirements(need))
        return self._required[asked]

    def _requirements(self, need: Need) -> Iterator[Need]:
        for line in self._by_name[need.name].requires or ():
            requirement = Requirement(line)
            if applies(requirement, need.extras):
                yield Need(canonicalize_name(requirement.name), frozenset(requirement.extras), need.name)

    @cached_property
    def _owners(self) -> Mapping[str, set[str]]:
        owners: defaultdict[str, set[str]] = defaultdict(set)
        for name, one in self._by_name.items():
            for file in one.files or ():
                if module := _module_of(file.parts):
                    owners[module].add(name)
        return owners


def needed(foreign: Iterable[Import], pins: Pins, installed: Installed) -> tuple[Pin, ...]:
    """The pins that these imports need on the platform, sorted; UserError for what is not pinned, or installed otherwise."""
    waiting = [Need(name, frozenset(), "the platform's server") for name in ALWAYS]
    for one in foreign:
        waiting += _needs_of(one, pins, installed)
    done: set[tuple[str, frozenset[str]]] = set()
    while waiting:
        need = waiting.pop()
        if (need.name, need.extras) not in done:
            done.add((need.name, need.extras))
            _check(need, pins, installed)
            waiting += installed.required_by(need)
    return tuple(pins[name] for name in sorted({name for name, _ in done}))


def _needs_of(one: Import, pins: Pins, installed: Installed) -> list[Need]:
    owners = installed.having(str(one))
    if not owners:
        raise UserError(f"{one.place}: no installed distribution has the module {one.module} (make setup)")
    chosen = [owner for owner in owners if owner in pins] or list(owners[:1])
    return [Need(owner, EXTRAS.get(owner, frozenset()), f"import {one.module} ({one.place})") for owner in chosen]


def _check(need: Need, pins: Pins, installed: Installed) -> None:
    if need.name not in pins:
        raise UserError(f"{LOCK}: {need.name} has no pin, and is needed by {need.by}")
    version, pinned = installed.version(need.name), pins[need.name].version
    if version != pinned:
        here = f"{version} is" if version else "it is not"
        raise UserError(f"{LOCK}: {need.name} is pinned to {pinned}, but {here} installed here (make setup)")


def _module_of(parts: tuple[str, ...]) -> str | None:
    """The module that an installed file is, if it is one: Python source or an extension for any interpreter."""
    *folders, last = parts
    name, dot, suffix = last.partition(".")
    if suffix != "py" and dot + suffix not in EXTENSION_SUFFIXES:
        return None
    dotted = folders if name == "__init__" else [*folders, name]
    return ".".join(dotted) if dotted and all(part.isidentifier() for part in dotted) else None
