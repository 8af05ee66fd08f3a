"""The program behind `make seal` and `make keys`: what was kept in plain is sealed, keys are counted and rotated.

It works on the store that the environment names, beside whatever else works on it.
"""

import argparse
import asyncio
import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime

from ion_mentoring.errors import SettingsInvalid, StoreUnavailable
from ion_mentoring.mentoring.privacy.rotate import RotateKeys
from ion_mentoring.mentoring.privacy.seal_plain import SealPlain
from ion_mentoring.sealing.master import KeyFile
from ion_mentoring.settings.store import Store
from ion_mentoring.wiring.sealing import master_key
from ion_mentoring.wiring.stores import Stores, stores


async def seal(kept: Stores) -> list[str]:
    """Seals until nothing is left in plain."""
    total = {"turns": 0, "sessions": 0}
    say = SealPlain(kept.stored, kept.keyring, lambda kind, done: print(f"{kind}: {done} ...", file=sys.stderr))
    while any((found := await say()).values()):
        total = {kind: total[kind] + number for kind, number in found.items()}
    return [f"sealed: {total['turns']} turns, {total['sessions']} lines of lists of sessions", "nothing is left in plain"]


async def report(kept: Stores) -> list[str]:
    """A line a period."""
    counts = await RotateKeys(kept.keyring).report()
    return [f"{period}: the keys of {number}" for period, number in counts.items()] or ["no keys"]


async def rotate(kept: Stores, level: str) -> list[str]:
    """Rotates the keys of a level: `master` or `period`."""
    keys = RotateKeys(kept.keyring)
    if level == "period":
        moved, destroyed = await keys.period(datetime.now(UTC))
        return [f"under this week's key: the keys of {moved} more", f"destroyed: the keys of {destroyed} weeks"]
    if isinstance(master := kept.keyring.master, KeyFile):
        master.rotate()
    lines = [f"under the newest master key: the keys of {await keys.master()} periods"]
    if isinstance(master, KeyFile):
        master.forget_older()
    return lines


async def run(arguments: argparse.Namespace) -> list[str]:
    """The lines that a command prints."""
    settings = Store.read(os.environ)
    kept = stores(settings.store, master_key(settings))
    if arguments.rotate:
        return await rotate(kept, arguments.rotate)
    return await (report(kept) if arguments.report else seal(kept))


def parser() -> argparse.ArgumentParser:
    """The words of the program."""
    words = argparse.ArgumentParser(prog="make seal", description="Seal what was kept in plain.")
    words.add_argument("--report", action="store_true", help="count the keys, and change nothing")
    words.add_argument("--rotate", choices=("master", "period"), help="rotate the keys of a level")
    return words


def main(words: Sequence[str] | None = None) -> int:
    """The exit code: 1 where the store or the master key does not answer, and nothing is lost."""
    try:
        lines = asyncio.run(run(parser().parse_args(words)))
    except (StoreUnavailable, SettingsInvalid) as error:
        print(error, file=sys.stderr)
        return 1
    print("\n".join(lines))
    return 0


if __name__ == "__main__":
    sys.exit(main())
