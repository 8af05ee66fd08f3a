"""The program behind `make erase-again`: after a backup was restored, whoever was erased since it was made is erased again.

It goes through the list of erasures of the store itself, or of another one; keyed names that come as lines are added.
"""

import argparse
import asyncio
import os
import sys
from collections.abc import Iterable, Sequence

from ion_mentoring.errors import SettingsInvalid, StoreUnavailable
from ion_mentoring.settings.store import Store
from ion_mentoring.telemetry.events import EventLog
from ion_mentoring.wiring.privacy import erase_user
from ion_mentoring.wiring.sealing import master_key
from ion_mentoring.wiring.stores import stores


async def erase_again(lines: Iterable[str], list_of: str | None = None) -> list[str]:
    """The lines about what went; `list_of` is the store that has the list, where it is not the one that was restored."""
    settings = Store.read(os.environ)
    kept = stores(settings.store, master_key(settings))
    listed = stores(list_of, master_key(settings)) if list_of else kept
    use_case = erase_user(kept, _nothing_cached, EventLog("erase-again", lambda line: None))
    holders = {one.holder for one in await listed.erasures.all()} | {line.strip() for line in lines if line.strip()}
    gone = 0
    for holder in sorted(holders):
        gone += sum((await use_case.again(holder)).values())
    return [f"gone through: {len(holders)} erasures", f"erased again: {gone} records"]


async def _nothing_cached(_owner: str) -> None:
    """A cache is not restored, and what was erased is not in it."""


def main(words: Sequence[str] | None = None) -> int:
    """The exit code: 1 where the store does not answer; then nothing may be served from it yet."""
    parser = argparse.ArgumentParser(prog="make erase-again", description="Erase again who was erased since a backup was made.")
    parser.add_argument("--list", help="the store that has the list of erasures, as STORE names one")
    asked = parser.parse_args(words)
    lines = () if sys.stdin is None or sys.stdin.isatty() else sys.stdin
    try:
        print("\n".join(asyncio.run(erase_again(lines, asked.list))))
    except (StoreUnavailable, SettingsInvalid) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
