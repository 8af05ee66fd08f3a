"""What went wrong, in a person's words, with a way on."""

import pytest

from tests.console.conftest import Open, answered, ask
from tests.console.served import answers_with

pytestmark = pytest.mark.proof


def test_a_limit_counts_down_and_the_question_is_sent_again(opened: Open, url: str) -> None:
    page = opened(url, "ko-KR")
    limited = {
        "error": {"code": "RATE_LIMITED", "message": "", "field": None, "details": {"policy": "minute"}},
        "request_id": "r-9",
    }
    answers_with(page, (429, limited))
    ask(page, "오늘 하루를 어떻게 정리할까요?")
    assert "초 뒤에" in page.inner_text(".trouble")
    assert page.is_disabled(".trouble .strong")
    assert not page.locator(".trouble .call").count(), "the answer is a moment away"
    page.click(".trouble .strong")
    assert len(answered(page)) > 20
    assert not page.locator(".trouble").count()


def test_a_server_that_is_gone_is_told_with_lines_and_a_way_on(opened: Open, url: str) -> None:
    page = opened(url, "ko-KR")
    page.route("**/api/v2/process", lambda route: route.abort())
    ask(page, "오늘 하루를 어떻게 정리할까요?")
    page.wait_for_selector(".trouble")
    assert "서버에 닿지 못했어요" in page.inner_text(".trouble")
    assert page.locator('.trouble a[href="tel:109"]').count() == 1
    page.unroute("**/api/v2/process")
    page.click(".trouble .strong")
    assert len(answered(page)) > 20


def test_too_long_a_question_is_counted_in_letters_and_not_sent(opened: Open, url: str) -> None:
    page = opened(url)
    page.fill("#text", "😀" * 3_990)
    assert page.inner_text("#length") == "10 characters left"
    page.fill("#text", "😀" * 4_003)
    assert "3 characters too long" in page.inner_text("#length")
    assert page.is_disabled(".send")
