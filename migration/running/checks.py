"""The checks before a file is rewritten, and before what it becomes is written."""

import ast

from migration.rewriting.rewrite import Program
from migration.running.files import Text


def unsafe(text: str, program: Program) -> str:
    """The reason why a file that was parsed is left alone, all the same."""
    if not program.comes_back:
        return "its lines would not come back as they are"
    return "" if _compiles(text) else "is no Python that this one compiles"


def broken(text: Text, after: str) -> str:
    """The reason why a new text must not be written."""
    try:
        Text(after, text.encoding).raw  # noqa: B018 - whether there are any
    except UnicodeError as error:
        return str(error)
    return "" if _compiles(after) else "would not compile any more"


def _compiles(text: str) -> bool:
    try:
        ast.parse(text.removeprefix("\ufeff"))
    except (SyntaxError, ValueError):
        return False
    return True
