"""Flags end: one that is past its date, or that nothing reads, is gone or gets another date; `make check` runs this.

`python infra/flags.py` names each of them, with its owner, and fails if there is one.
"""

import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

from ion_mentoring.flags import declared
from ion_mentoring.flags.declared import FLAGS
from ion_mentoring.flags.flag import Flag, entries

SHARED: Final = Path(__file__).resolve().parent.parent / "shared" / "ion_mentoring"
OWN: Final = SHARED / "flags"


def main(today: date | None = None) -> int:
    """Print what is wrong with the flags; 1 if there is something."""
    found = [*late(FLAGS.values(), today or datetime.now(UTC).date()), *undeclared(entries(), FLAGS), *unread(_sources())]
    print("\n".join(found) or f"{len(FLAGS)} flags, none past its date")
    return int(bool(found))


def late(flags: Iterable[Flag[Any]], today: date) -> Iterator[str]:
    """The flags that are past their date."""
    for flag in flags:
        if today > flag.until:
            yield f"{flag.name}: ended on {flag.until}; {flag.owner} makes it the rule, takes it away, or says until when"


def undeclared(listed: Iterable[str], flags: Mapping[str, Flag[Any]]) -> Iterator[str]:
    """The entries of the data file that no flag is made of."""
    for name in listed:
        if name not in flags:
            yield f"{name}: is in the data file, and not in declared.py"


def unread(sources: Iterable[str]) -> Iterator[str]:
    """The flags that no source beside their declaration imports."""
    names = {name for name, value in vars(declared).items() if isinstance(value, Flag)}
    read = {name for source in sources for name in re.findall(r"[A-Z_]{3,}", source)}
    for name in sorted(names - read):
        yield f"{name}: nothing reads it"


def _sources() -> Iterator[str]:
    for path in SHARED.rglob("*.py"):
        if OWN not in path.parents and "ion_mentoring.flags.declared" in (source := path.read_text(encoding="utf-8")):
            yield source


if __name__ == "__main__":
    sys.exit(main())
