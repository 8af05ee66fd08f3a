"""The outcome of a run, by file."""

import difflib
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from migration.rewriting.notes import Note


class Status(StrEnum):
    """The states in which a file is left."""

    CHANGED = "changed"
    UNCHANGED = "unchanged"
    UNPARSED = "unparsed"
    UNREADABLE = "unreadable"
    READ_ONLY = "read_only"
    LINK = "link"
    NOTEBOOK = "notebook"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One file: its state and why, the changes in it, and what a person has to look at there."""

    path: Path
    status: Status
    reason: str = ""
    changes: int = 0
    notes: tuple[Note, ...] = ()
    before: str = ""
    after: str = ""
    backup: Path | None = None

    @property
    def telling(self) -> bool:
        """True if there is something to say of it."""
        return self.status is not Status.UNCHANGED or bool(self.notes)

    def diff(self) -> str:
        """The change as a unified diff."""
        path = str(self.path).lstrip("/")
        before, after = (text.splitlines(keepends=True) for text in (self.before, self.after))
        made = difflib.unified_diff(before, after, fromfile=f"a/{path}", tofile=f"b/{path}")
        return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in made)

    def as_json(self) -> dict[str, Any]:
        """The outcome in a report, without any text of the file."""
        return {
            "path": str(self.path),
            "status": self.status,
            "reason": self.reason,
            "changes": self.changes,
            "notes": [asdict(note) for note in self.notes],
            "backup": str(self.backup) if self.backup else None,
        }


def totals(outcomes: Sequence[Outcome]) -> dict[str, int]:
    """The number of files in each state, and of changes and remarks in all."""
    counted = Counter(outcome.status for outcome in outcomes)
    return {
        "files": len(outcomes),
        **{status.value: counted[status] for status in Status},
        "changes": sum(outcome.changes for outcome in outcomes),
        "notes": sum(len(outcome.notes) for outcome in outcomes),
    }
