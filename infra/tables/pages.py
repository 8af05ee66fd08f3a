"""Tables in docs/ that programs make: each page has one, between two markers."""

from pathlib import Path
from typing import Final

from infra.user_error import UserError

PAGES: Final = Path(__file__).resolve().parents[2] / "docs"
BEGIN: Final = "<!-- made by a program: begin -->"
END: Final = "<!-- made by a program: end -->"


def made_part(page: Path) -> str:
    """The text between the markers of a page; UserError if it has none."""
    _, found, rest = page.read_text(encoding="utf-8").partition(f"{BEGIN}\n")
    part, ended, _ = rest.partition(f"\n{END}")
    if not (found and ended):
        raise UserError(f"{page}: has no part between {BEGIN} and {END}")
    return part


def put(page: Path, part: str) -> None:
    """Puts a part between the markers of a page."""
    text, old = page.read_text(encoding="utf-8"), made_part(page)
    page.write_text(text.replace(f"{BEGIN}\n{old}\n{END}", f"{BEGIN}\n{part}\n{END}"), encoding="utf-8")
