"""The page at /docs/migration shows the guide in both languages, as its documents say it."""

import re

from infra.tables.migration_page import GUIDES, PAGE, rendered
from infra.tables.pages import made_part


def test_the_page_shows_what_the_documents_say() -> None:
    assert made_part(PAGE) == rendered(), "python -m infra.tables.migration_page puts them into the page"


def test_every_command_of_the_guide_stands_in_the_page_and_no_link_leads_off_the_server() -> None:
    page = rendered()
    for path in GUIDES.values():
        for block in re.findall(r"^```\w*\n(.*?)^```", path.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL):
            for line in block.splitlines():
                escaped = line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
                assert escaped in page
    assert "<a " not in page
    assert '<section lang="ko">' in page
