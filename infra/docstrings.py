"""Docstrings begin with a noun of the field or an imperative, not with a riddle; `make check` runs this.

`python infra/docstrings.py` names each docstring that begins with a question word, and fails if they are more than so many
in a hundred: a sentence that begins so needs a second reading.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
FOLDERS: Final = ("shared", "functions", "infra", "training", "migration", "bench", "loadtests", "cli")
RIDDLES: Final = frozenset(["What", "Who", "Whom", "Whose", "Where", "When", "How", "Whether", "Which", "Whoever", "Whatever"])
MOST: Final = 0.01

Documented = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


def main() -> int:
    """Print the docstrings that begin with a question word; 1 if they are too many."""
    found = [one for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*.py")) for one in docstrings(path)]
    riddles = [where for where, text in found if text.split()[0].strip(",.:;") in RIDDLES]
    print("\n".join(riddles) or f"{len(found)} docstrings begin plainly")
    return int(len(riddles) > MOST * len(found))


def docstrings(path: Path) -> Iterator[tuple[str, str]]:
    """Each docstring of a file with its place."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, Documented) and (text := ast.get_docstring(node)):
            yield f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 1)}", text


if __name__ == "__main__":
    sys.exit(main())
