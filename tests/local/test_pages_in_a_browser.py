"""The pages in a real browser: what a mentee sees after asking, and the contract drawn under its own policy."""

import html
import re
import shutil
import subprocess
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.local.conftest import Serve

BROWSER = shutil.which("chromium") or shutil.which("google-chrome") or ""
needs_browser = pytest.mark.skipif(not BROWSER, reason="LOUD: no chromium here, the pages were not tried in a browser")


def drawn(url: str, profile: Path) -> str:
    """The page's document after its scripts have run, as text."""
    ended = subprocess.run(
        [
            BROWSER,
            *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--lang=ko"),
            *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
            *(f"--user-data-dir={profile}", "--virtual-time-budget=8000", "--dump-dom", url),
        ],
        capture_output=True,
        text=True,
        check=True,
        timeout=90,
    )
    return html.unescape(ended.stdout)


@needs_browser
def test_a_question_is_answered_on_the_page_with_persona_and_scores(serve: Serve, tmp_path: Path) -> None:
    url = str(serve().client.base_url)
    page = drawn(f"{url}/?ask={quote('팀원들끼리 갈등이 있어요. 어떻게 풀어야 할까요?')}", tmp_path / "profile")
    article = re.search(r"<article>(.*?)</article>", page, re.DOTALL)
    assert article is not None
    assert len(re.findall("<meter", article.group(1))) >= 4
    assert "playbook" in article.group(1)
    assert len(re.sub("<[^>]+>", "", article.group(1))) > 200


@needs_browser
def test_the_contract_is_drawn_without_anything_from_elsewhere(serve: Serve, tmp_path: Path) -> None:
    page = drawn(f"{serve().client.base_url}/docs", tmp_path / "profile")
    assert "/api/v2/process" in page
    assert "/api/persona/process" in page
