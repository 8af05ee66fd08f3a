"""The program behind `make scan-for`: every file, document and cached value that holds a text, in whatever form.

The store is what STORE names, the cache what CACHE_URL names, and files are those below the given paths. It prints where the
text was found, and never the text around it.
"""

import argparse
import asyncio
import os
import sys
from collections.abc import AsyncIterator, Iterable, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from ion_mentoring.errors import MentoringError, SettingsInvalid
from ion_mentoring.mentoring.privacy.marks import Marks
from ion_mentoring.settings.cache import Cache
from ion_mentoring.settings.store import Store

Place = tuple[str, bytes]


def files(paths: Iterable[str]) -> Iterable[Place]:
    """The files at and below paths, with their contents."""
    for path in paths:
        for file in [Path(path)] if Path(path).is_file() else sorted(Path(path).rglob("*")):
            if file.is_file():
                yield f"file {file}", str(file).encode() + b"\n" + file.read_bytes()


async def documents(setting: str) -> AsyncIterator[Place]:
    """All documents of the database that a setting names, with their names."""
    from ion_mentoring.backends.firestore import Documents

    parts = urlsplit(setting)
    async for path, document in Documents(parts.netloc, parts.path.strip("/") or "(default)").everything():
        values = [value if isinstance(value, bytes) else repr(value).encode() for value in _values(document)]
        yield f"document {path}", b"\n".join([path.encode(), *values])


async def values(url: str) -> AsyncIterator[Place]:
    """All keys of a Valkey server, with their values."""
    from ion_mentoring.backends.valkey.contents import contents

    async for name, data in contents(url):
        yield f"key {name}", data


async def scan(marks: Marks, paths: Sequence[str]) -> tuple[int, list[str]]:
    """The number of places that were looked at, and a line for each that holds something."""
    store, cache = Store.read(os.environ).store, Cache.read(os.environ).cache_url
    own = [] if store.startswith("firestore://") or "STORE" not in os.environ else [_folder(store)]
    looked, lines = 0, []
    for where, data in files([*paths, *own]):
        looked += 1
        lines += [f"{where}: {form}" for form in marks.found(data)]
    streams = [documents(store)] if store.startswith("firestore://") else []
    streams += [values(cache.get_secret_value())] if cache else []
    for stream in streams:
        async for where, data in stream:
            looked += 1
            lines += [f"{where}: {form}" for form in marks.found(data)]
    return looked, lines


def main(words: Sequence[str] | None = None) -> int:
    """The exit code: 0 where nothing was found, 1 where something was, 2 where a place could not be looked at."""
    parser = argparse.ArgumentParser(prog="make scan-for", description="Look where a text lies, in whatever form.")
    parser.add_argument("mark", nargs="+", help="a text")
    parser.add_argument("--path", action="append", default=[], help="a file or folder to look through")
    asked = parser.parse_args(words)
    try:
        looked, lines = asyncio.run(scan(Marks(*asked.mark), asked.path))
    except (MentoringError, SettingsInvalid, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    print("\n".join([*lines, f"looked at {looked} places: {'found in ' + str(len(lines)) if lines else 'nothing found'}"]))
    return 1 if lines else 0


def _folder(store: str) -> str:
    return str(Path(store.removeprefix("sqlite:///")).parent)


def _values(value: object) -> Iterable[object]:
    """The names and values in a document, however deep."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield name
            yield from _values(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _values(inner)
    else:
        yield value.encode() if isinstance(value, str) else value


if __name__ == "__main__":
    sys.exit(main())
