"""The command line of the migration."""

import argparse
import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from migration.running.files import Found, Text, backed_up, in_folder, in_project, is_read_only, read, write
from migration.running.git import committed
from migration.running.outcome import Outcome, Status, totals
from migration.running.progress import Progress
from migration.running.project import Project

OK: Final = 0
WOULD_CHANGE: Final = 1
MISUSED: Final = 2
NOT_WRITTEN: Final = 3


def main(arguments: Sequence[str] | None = None) -> int:
    """0; 1 where --check finds something to change, 2 for a wrong call, 3 if something could not be written."""
    asked = _parser().parse_args(arguments)
    found = _found(asked)
    if isinstance(found, str):
        print(f"migrate: {found}", file=sys.stderr)
        return MISUSED
    progress = Progress(len(found), sys.stderr, shown=not asked.quiet)
    outcomes = Project(progress.step).outcomes(found)
    progress.end()
    if asked.live:
        known = committed(asked.dir or asked.project or found[0].path.parent)
        outcomes = [written(outcome, backup=outcome.path.resolve() not in known) for outcome in outcomes]
    if not asked.quiet:
        _print(outcomes, diffs=not asked.live, live=asked.live)
    if asked.report:
        mode = "live" if asked.live else "check" if asked.check else "dry_run"
        _report(asked.report, outcomes, mode)
    if any(outcome.status in (Status.FAILED, Status.READ_ONLY) for outcome in outcomes) and asked.live:
        return NOT_WRITTEN
    return WOULD_CHANGE if asked.check and any(outcome.status is Status.CHANGED for outcome in outcomes) else OK


def written(outcome: Outcome, *, backup: bool) -> Outcome:
    """The outcome after it was written, or why it was not."""
    if outcome.status is not Status.CHANGED:
        return outcome
    path = outcome.path
    try:
        if is_read_only(path):
            return replace(outcome, status=Status.READ_ONLY, reason="may not be written to", changes=0)
        before = read(path.read_bytes())
        if before.text != outcome.before:
            return replace(outcome, status=Status.FAILED, reason="was changed meanwhile", changes=0)
        kept = backed_up(path) if backup else None
        write(path, Text(outcome.after, before.encoding).raw)
    except OSError as error:
        return replace(outcome, status=Status.FAILED, reason=error.strerror or "cannot be written", changes=0)
    return replace(outcome, backup=kept)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="migrate_persona_imports.py",
        description="Rewrites programs of persona_system to get_pipeline(). Changes nothing without --live.",
    )
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--file", type=Path, metavar="F", help="one file")
    where.add_argument("--dir", type=Path, metavar="D", help="all Python files below a folder")
    where.add_argument(
        "--project", type=Path, metavar="P", help="all Python files of a project: those that git does not ignore"
    )
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--live", action="store_true", help="write; beside each file a .bak, unless git has all of it")
    how.add_argument("--check", action="store_true", help="exit with 1 if anything would change")
    parser.add_argument("--quiet", action="store_true", help="print nothing")
    parser.add_argument("--report", type=Path, metavar="FILE", help="write what was found as JSON")
    return parser


def _found(asked: argparse.Namespace) -> list[Found] | str:
    """The files, or the reason why there are none."""
    if asked.file:
        path = asked.file.resolve() if asked.file.is_symlink() else asked.file
        return [Found(path)] if path.is_file() else f"{asked.file} is no file"
    folder: Path = asked.dir or asked.project
    if not folder.is_dir():
        return f"{folder} is no folder"
    return list(in_folder(folder) if asked.dir else in_project(folder))


def _print(outcomes: Iterable[Outcome], *, diffs: bool, live: bool) -> None:
    outcomes = list(outcomes)
    for outcome in outcomes:
        if diffs and outcome.status is Status.CHANGED:
            print(outcome.diff(), end="")
    for outcome in outcomes:
        if outcome.telling:
            print(f"{outcome.path}: {_told(outcome, live=live)}")
            for note in outcome.notes:
                print(f"  line {note.line}: {note.text}{' (keeps the old face)' if note.keeps else ''}")
    counted = totals(outcomes)
    print(", ".join(f"{name.replace('_', ' ')}: {number}" for name, number in counted.items() if number))


def _told(outcome: Outcome, *, live: bool) -> str:
    if outcome.status is Status.CHANGED:
        kept = f", the old one is {outcome.backup.name}" if outcome.backup else ""
        return f"{'changed' if live else 'would change'} in {outcome.changes} places{kept}"
    return f"{outcome.status.replace('_', ' ')}{f': {outcome.reason}' if outcome.reason else ''}"


def _report(path: Path, outcomes: Sequence[Outcome], mode: str) -> None:
    report = {"mode": mode, "totals": totals(outcomes), "files": [one.as_json() for one in outcomes if one.telling]}
    path.write_text(json.dumps(report, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
