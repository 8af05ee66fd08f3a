"""The console without a network, in two tabs, after a crash: nothing is lost, nothing is sent twice."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.console.conftest import PHONE, Open, address, answered, ask, installed, settled, slow_model, unheard
from tests.console.midway import grown
from tests.local.conftest import running_set

if TYPE_CHECKING:
    pass

pytestmark = pytest.mark.proof


def test_conversations_are_read_and_written_on_without_a_network(opened: Open, url: str) -> None:
    page = opened(url, "ko-KR", **PHONE)
    installed(page)
    ask(page, "팀장이 회의에서 제 의견을 계속 무시해요")
    first = answered(page)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.headers["idempotency-key"]) if "/process" in request.url else None)
    page.context.set_offline(True)
    page.reload()
    page.wait_for_selector(".composer .send")
    page.get_by_role("banner").get_by_text("연결이 끊겼어요").wait_for()
    page.locator(".head .round").first.click()
    page.click(".entry-open")
    assert page.locator(".answer .text").first.inner_text() == first
    ask(page, "그럼 내일은 어떻게 하죠?")
    assert "연결되면 보낼게요" in page.inner_text(".trouble")
    assert page.locator('.lines-small a[href="tel:109"]').is_visible(), "danger does not wait for a network"
    assert not sent
    page.reload()
    page.get_by_text("연결되면 보낼게요").wait_for()
    assert page.locator(".answer[aria-busy=true]").count() == 0, "nobody writes an answer to it"
    page.context.set_offline(False)
    page.wait_for_selector(".trouble", state="detached")
    answered(page)
    assert page.locator(".answer").count() == 2
    assert len({*sent}) == 1, "it is one question, however often it was tried"


def test_the_lines_of_an_answer_to_danger_can_be_called_without_a_network(opened: Open, url: str) -> None:
    for locale, danger, line in (
        ("ko-KR", "죽고 싶어요. 약을 모아 뒀어요", "109"),
        ("en-US", "I want to die, I have the pills here", "911"),
    ):
        page = opened(url, locale, **PHONE)
        installed(page)
        ask(page, danger)
        answered(page)
        page.context.set_offline(True)
        page.reload()
        call = page.locator(f'.answer.safe .call[href="tel:{line}"]')
        call.wait_for()
        box = call.bounding_box()
        assert box is not None
        assert box["height"] >= 44
        assert page.locator('.answer.safe .text a[href^="tel:"]').count(), "and those in the words of the answer"


def test_a_question_of_more_than_an_hour_ago_asks_first(opened: Open, url: str) -> None:
    page = opened(url)
    settled(page)
    page.context.set_offline(True)
    ask(page, unheard())
    page.wait_for_selector(".trouble")
    page.wait_for_timeout(2_000)  # until it is written down, too, on a busy machine
    page.evaluate(
        """() => new Promise((done) => {
            const opening = indexedDB.open("ion-mentoring");
            opening.onsuccess = () => {
                const store = opening.result.transaction("conversations", "readwrite").objectStore("conversations");
                store.getAll().onsuccess = ({ target }) => {
                    const [one] = target.result;
                    one.turns[0].answers[0].at -= 3_700_000;
                    store.put(one).onsuccess = () => done();
                };
            };
        })"""
    )
    page.goto("about:blank")
    page.context.set_offline(False)
    page.goto(url)
    page.wait_for_selector(".entry-open")
    page.click(".entry-open")
    assert "more than an hour ago" in page.inner_text(".trouble")
    page.click(".trouble .strong")
    assert answered(page)


def test_a_draft_survives_a_reload_and_is_gone_once_it_was_sent(opened: Open, url: str) -> None:
    page = opened(url)
    page.fill("#text", "half a thought")
    page.reload()
    page.wait_for_function("() => document.getElementById('text').value === 'half a thought'")
    page.wait_for_selector(".composer .send")
    page.fill("#text", "How do I rest well?")
    page.keyboard.press("Enter")
    answered(page)
    page.click(".new")
    page.wait_for_timeout(200)
    assert page.input_value("#text") == ""
    page.fill("#text", "of the new one")
    page.click(".entry-open")
    page.wait_for_function("() => document.getElementById('text').value === ''")
    page.go_back()
    page.wait_for_function("() => document.getElementById('text').value === 'of the new one'")


def test_a_page_that_dies_midway_goes_on_where_it_was(opened: Open, slow_url: str) -> None:
    page = opened(slow_url)
    ask(page, unheard())
    grown(page, 30)
    page.wait_for_timeout(1_100)
    page.goto("about:blank")
    page.goto(slow_url)
    page.wait_for_selector(".entry-open")
    page.click(".entry-open")
    assert answered(page) == ("One small step at a time. " * 20).strip()
    assert page.locator(".answer").count() == 1


def test_two_tabs_show_the_same_and_answer_once(opened: Open, slow_url: str) -> None:
    first = opened(slow_url)
    second = first.context.new_page()
    second.goto(slow_url)
    second.wait_for_selector(".composer .send")
    sent: list[str] = []
    first.context.on("request", lambda request: sent.append(request.url) if "/process" in request.url else None)
    ask(first, unheard())
    second.wait_for_selector(".entry-open")
    second.click(".entry-open")
    answered(first)
    assert answered(second) == answered(first)
    assert len(sent) == 1
    second.locator(".entry .round").click()
    second.click("text=Delete")
    second.locator(".entry-menu .danger").click()
    first.wait_for_selector(".entry", state="detached")


def test_a_server_that_is_killed_midway_is_told_and_goes_on(opened: Open, tmp_path: Path) -> None:
    with slow_model() as settings, running_set(tmp_path, **settings) as doomed:
        page = opened(address(doomed))
        ask(page, unheard())
        grown(page, 30)
        doomed.process.kill()
        doomed.process.wait()
        page.wait_for_selector(".trouble", timeout=30_000)
        assert "broke off" in page.inner_text(".trouble")
        with running_set(tmp_path, PORT=address(doomed).rpartition(":")[2], **settings):
            page.click(".trouble .strong")
            assert answered(page).startswith("One small step")
            assert not page.locator(".trouble").count()


def test_where_the_browser_keeps_nothing_that_is_said(opened: Open, url: str) -> None:
    page = opened(url)
    page.context.add_init_script("Object.defineProperty(window, 'indexedDB', { value: undefined })")
    page.reload()
    page.wait_for_selector("text=This browser doesn't let us keep anything.")
    ask(page, "How do I rest well?")
    assert answered(page)


def test_everything_can_be_taken_away_as_a_file_and_erased(opened: Open, url: str) -> None:
    page = opened(url)
    ask(page, "How do I rest well?")
    answered(page)
    page.click(".settings-link")
    with page.expect_download() as saved:
        page.click("text=Download all as a file")
    kept = json.loads(Path(saved.value.path()).read_text(encoding="utf-8"))
    assert kept["conversations"][0]["turns"][0]["question"] == "How do I rest well?"
    assert "body" not in kept["conversations"][0]["turns"][0]["answers"][0]
    page.click("text=Erase everything")
    page.locator(".erase .danger").click()
    page.wait_for_function("() => document.querySelectorAll('.entry').length === 0")
    page.reload()
    page.wait_for_selector(".composer .send")
    assert not page.locator(".entry").count()


def test_without_https_it_still_works(opened: Open, url: str, context: Any) -> None:
    port = url.rpartition(":")[2]
    page = context().new_page()
    missing = "for (const gone of ['locks', 'serviceWorker', 'clipboard', 'storage'])"
    page.add_init_script(f"{missing} Object.defineProperty(Navigator.prototype, gone, {{ value: undefined }});")
    page.add_init_script("Object.defineProperty(Crypto.prototype, 'randomUUID', { value: undefined });")
    page.goto(f"http://localhost:{port}")
    page.wait_for_selector(".composer .send")
    ask(page, "How do I rest well?")
    text = answered(page)
    page.locator(".answer").get_by_label("Copy").click()
    page.fill("#text", "")
    page.focus("#text")
    assert text
