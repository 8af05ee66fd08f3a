"""The remarks on lines that no syntax tree tells of."""

from pathlib import Path

from migration.rewriting.names import IN_A_STRING, TELLING
from migration.rewriting.notes import Code, Note


def doubtful(path: Path) -> tuple[Note, ...]:
    """Remarks on a file that imports nothing old, and calls or names what was."""
    raw = path.read_bytes()
    text = "calls a method that old pipelines have; if it is one, change this by hand"
    called = [Note(number, Code.UNKNOWN, text) for number, line in enumerate(raw.splitlines(), 1) if TELLING.search(line)]
    return tuple(sorted((*called, *in_strings(raw))))


def in_strings(raw: bytes) -> list[Note]:
    """Remarks on strings that name something old by its path, as what is patched in tests is named."""
    text = "names something old in a string, which stays as it is"
    return [Note(number, Code.IN_A_STRING, text) for number, line in enumerate(raw.splitlines(), 1) if IN_A_STRING.search(line)]
