"""The pages in a real browser: what a mentee sees after asking, and the contract drawn under its own policy."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.local.browser import Page, opened
from tests.local.conftest import Serve

BROWSER = shutil.which("chromium") or shutil.which("google-chrome") or ""

pytestmark = pytest.mark.skipif(not BROWSER, reason="LOUD: no chromium here, the pages were not tried in a browser")


@pytest.fixture
def page(tmp_path: Path) -> Iterator[Page]:
    with opened(BROWSER, tmp_path / "profile", language="ko") as empty:
        yield empty


def test_a_question_is_answered_on_the_page_with_persona_and_scores(serve: Serve, page: Page) -> None:
    page.go(f"{str(serve().client.base_url).rstrip('/')}/#ask={quote('팀원들끼리 갈등이 있어요. 어떻게 풀어야 할까요?')}")
    page.waited("document.querySelector('#text').value.startsWith('팀원들끼리')")
    assert page.run("location.hash") == ""
    assert page.run("document.querySelector('article')") is None, "a link asks nothing by itself"
    page.run("document.querySelector('#ask').requestSubmit()")
    page.waited("document.querySelector('article')?.ariaBusy === 'false'")
    assert page.run("document.querySelectorAll('article meter').length") >= 4
    assert "playbook" in page.text("article header small")
    assert len(page.text("article .content")) > 200
    assert page.run("document.documentElement.lang") == "ko"


def test_the_contract_is_drawn_without_anything_from_elsewhere(serve: Serve, page: Page) -> None:
    page.go(f"{str(serve().client.base_url).rstrip('/')}/docs")
    page.waited("document.body.innerText.includes('/api/v2/process')")
    assert "/api/persona/process" in page.run("document.body.innerText")
