"""The tables of docs/retention.md and its Korean twin: what is kept, where, for how long and why.

`python -m infra.tables.retention` prints them, `--write` puts them into the pages.
"""

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

if __name__ == "__main__":  # a program's own folder comes first by default, and there is no `infra` in it
    sys.path[0] = str(Path(__file__).resolve().parents[2])

from infra.tables.pages import PAGES, put
from ion_mentoring.mentoring.privacy.kept import KeptKind, kept_table

FILES: Final[Mapping[str, Path]] = {"en": PAGES / "retention.md", "ko": PAGES / "retention.ko.md"}
HEADS: Final[Mapping[str, Sequence[str]]] = {
    "en": ("kind", "what", "where", "kept", "why", "on what ground", "goes"),
    "ko": ("종류", "무엇", "어디에", "얼마나", "왜", "근거", "지워짐"),
}
GOES: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {"person": "with its person", "time": "by itself"},
    "ko": {"person": "사람과 함께", "time": "저절로"},
}


def table(language: str) -> str:
    """One line a kind, in Markdown."""
    head = HEADS[language]
    return "\n".join(map(_row, (head, ["---"] * len(head), *(_cells(kind, language) for kind in kept_table().kind))))


def _cells(kind: KeptKind, language: str) -> Sequence[str]:
    kept = kept_table()
    where = kept.where(kind, language)
    if kind.collections:
        where += f" ({', '.join(f'`{name}`' for name in kind.collections)})"
    ground = kept.basis[kind.basis].in_(language)
    why, period = kind.why.in_(language), kept.period(kind, language)
    return f"`{kind.id}`", kind.what.in_(language), where, period, why, ground, GOES[language][kind.goes]


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints or writes the tables."""
    parser = argparse.ArgumentParser(description="Tell what is kept, where, for how long and why.")
    parser.add_argument("--write", action="store_true", help="put the tables into docs/retention.md and docs/retention.ko.md")
    write = parser.parse_args(arguments).write
    for language, page in FILES.items():
        made = table(language)
        if write:
            put(page, made)
        print(made)
    return 0


if __name__ == "__main__":
    sys.exit(main())
