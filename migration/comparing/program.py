"""The command line of the comparison: recorded requests on the old system and on the new one."""

import argparse
import asyncio
import json
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import httpx2

from migration.comparing.deviations import read_deviations
from migration.comparing.replay import Pace, Replay
from migration.comparing.requests import NotARequest, recorded
from migration.comparing.tally import Tally

ALIKE: Final = 0
DIFFERENT: Final = 1
MISUSED: Final = 2
INTERRUPTED: Final = 130
TIMEOUT_S: Final = 60.0


def main(arguments: Sequence[str] | None = None) -> int:
    """0 if no more differs than may; 1 if more does, 2 for a file that is none, 130 after Ctrl-C, each with what was found."""
    asked = _parser().parse_args(arguments)
    tally = Tally(read_deviations())
    try:
        stopped = asyncio.run(_compared(asked, tally))
    except ExceptionGroup as errors:
        wrong, rest = errors.split((NotARequest, OSError, UnicodeDecodeError))
        if rest or wrong is None:
            raise
        print(f"compare: {asked.requests}: {wrong.exceptions[0]}", file=sys.stderr)
        return MISUSED
    differs = tally.share() > asked.share or not tally.compared
    print(tally.table())
    print(
        f"{tally.compared} compared, {tally.differing} differ, failed: {tally.failed['old']} old, {tally.failed['new']} new; ",
        end="",
    )
    print(f"share {tally.share():.4f}, may be {asked.share:.4f}{'; interrupted' if stopped else ''}")
    if asked.json:
        told = {**tally.as_json(), "may_differ": asked.share, "interrupted": stopped}
        asked.json.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
    return INTERRUPTED if stopped else DIFFERENT if differs else ALIKE


async def _compared(asked: argparse.Namespace, tally: Tally) -> bool:
    """Replays the file; True if somebody interrupted it."""
    limits = httpx2.Limits(max_connections=asked.at_once)
    async with _client(asked.old, "OLD_API_KEY", limits) as old, _client(asked.new, "NEW_API_KEY", limits) as new:
        replay = Replay(old, new, tally, Pace(asked.per_second, asked.at_once))
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, replay.stop)
        await replay.run(recorded(asked.requests))
        return replay.stopped


def _client(url: str, key: str, limits: httpx2.Limits) -> httpx2.AsyncClient:
    headers = {"x-api-key": os.environ[key]} if os.environ.get(key) else {}
    return httpx2.AsyncClient(base_url=url, headers=headers, timeout=TIMEOUT_S, limits=limits, trust_env=False)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="compare", description="Compares the answers of two systems, field by field.")
    parser.add_argument("--old", type=_url, required=True, metavar="URL", help="a key for it is taken from OLD_API_KEY")
    parser.add_argument("--new", type=_url, required=True, metavar="URL", help="a key for it is taken from NEW_API_KEY")
    parser.add_argument(
        "--requests", required=True, type=Path, metavar="FILE", help="recorded requests, one JSON object a line"
    )
    parser.add_argument("--share", type=_share, default=0.0, help="of the requests that may differ (default: 0)")
    parser.add_argument("--per-second", type=_positive, default=20.0, help="requests, on each side (default: 20)")
    parser.add_argument("--at-once", type=int, choices=range(1, 257), default=8, metavar="N", help="under way (default: 8)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the result as JSON, too")
    return parser


def _url(text: str) -> str:
    if not text.startswith(("http://", "https://")):
        raise argparse.ArgumentTypeError("is no URL")
    return text


def _share(text: str) -> float:
    share = float(text)
    if not 0 <= share <= 1:
        raise argparse.ArgumentTypeError("is not between 0 and 1")
    return share


def _positive(text: str) -> float:
    number = float(text)
    if not 0 < number < float("inf"):
        raise argparse.ArgumentTypeError("is not above 0")
    return number


if __name__ == "__main__":
    sys.exit(main())
