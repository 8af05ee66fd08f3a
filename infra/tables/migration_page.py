"""`python -m infra.tables.migration_page`: puts the guide for programs of the monolith into the page at /docs/migration.

The page shows what docs/migration.md and its Korean twin say; links to other documents are their words alone there.
"""

import re
from pathlib import Path
from typing import Final

from markdown_it import MarkdownIt

from infra.tables.pages import PAGES, put

PAGE: Final = PAGES.parent / "shared/ion_mentoring/handlers/api/pages/migration.html"
GUIDES: Final = {"en": PAGES / "migration.md", "ko": PAGES / "migration.ko.md"}
_LINK: Final = re.compile(r'<a href="[^"]*">(.*?)</a>', re.DOTALL)
_HEADING: Final = re.compile(r"(</?h)([1-5])>")


def rendered(guides: dict[str, Path] = GUIDES) -> str:
    """The guides as HTML, a section for each language."""
    return "\n".join(f'<section lang="{language}">\n{_html(path)}</section>' for language, path in guides.items())


def _html(guide: Path) -> str:
    text = guide.read_text(encoding="utf-8")
    html = str(MarkdownIt("commonmark").enable("table").render(text))
    return _HEADING.sub(lambda found: f"{found[1]}{int(found[2]) + 1}>", _LINK.sub(r"\1", html))


def main() -> None:
    """The command."""
    put(PAGE, rendered())


if __name__ == "__main__":
    main()
