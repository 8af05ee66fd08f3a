"""The way back on a phone: from what was begun to where it was begun, and first from whatever lies over the conversation."""

import pytest

from tests.console.conftest import PHONE, Open, answered, ask

pytestmark = pytest.mark.proof

TITLE = "How do I ask for a quieter desk?"


def test_the_way_back_from_a_first_question_leads_to_the_start_and_forward_to_it(opened: Open, url: str) -> None:
    page = opened(url, **PHONE)
    ask(page, TITLE)
    answered(page)
    page.go_back()
    page.wait_for_selector(".question", state="detached")
    assert page.url.rstrip("/") == url.rstrip("/")
    page.go_forward()
    page.wait_for_selector(".question")
    assert page.inner_text(".question p") == TITLE


def test_the_way_back_closes_the_list_and_the_settings_first(opened: Open, url: str) -> None:
    page = opened(url, **PHONE)
    ask(page, TITLE)
    answered(page)
    here = page.url
    page.click(".top .drawer-only >> nth=0")
    page.wait_for_selector(".sidebar.open")
    page.click(".settings-link")
    page.wait_for_selector("dialog.sheet[open]")
    page.go_back()
    page.wait_for_selector("dialog.sheet[open]", state="detached")
    page.wait_for_selector(".sidebar.open", state="detached")
    assert (page.url, page.inner_text(".question p")) == (here, TITLE)


def test_what_is_chosen_or_closed_in_the_list_leaves_nothing_in_the_way_back(opened: Open, url: str) -> None:
    page = opened(url, **PHONE)
    ask(page, TITLE)
    answered(page)
    page.click(".top .drawer-only >> nth=0")
    page.click(".sidebar .new")
    page.wait_for_selector(".question", state="detached")
    page.go_back()
    page.wait_for_selector(".question")
    assert page.locator(".sidebar.open").count() == 0
    page.click(".top .drawer-only >> nth=0")
    page.keyboard.press("Escape")
    page.wait_for_selector(".sidebar.open", state="detached")
    page.wait_for_function("() => !history.state")
    page.go_back()
    page.wait_for_selector(".question", state="detached")


def test_a_new_conversation_begun_while_the_list_closes_stays_open(opened: Open, url: str) -> None:
    page = opened(url, **PHONE)
    ask(page, TITLE)
    answered(page)
    page.click(".top .drawer-only >> nth=0")
    page.wait_for_selector(".sidebar.open")
    close, begin = "document.querySelector('.sidebar .round').click()", "document.querySelectorAll('.top .round')[1].click()"
    page.evaluate(f"() => {{ {close}; {begin}; }}")
    page.wait_for_selector(".question", state="detached")
    page.wait_for_timeout(500)
    assert page.locator(".question").count() == 0
    page.go_back()
    page.wait_for_selector(f".question:has-text('{TITLE}')")


def test_the_way_back_from_an_edited_question_leads_to_the_one_before_it(opened: Open, url: str) -> None:
    page = opened(url, **PHONE)
    ask(page, TITLE)
    answered(page)
    page.click('.question [aria-label="Edit"]')
    page.fill(".edit textarea", "How do I ask for a window seat?")
    page.click(".edit .strong")
    page.wait_for_selector(".question:has-text('window')")
    answered(page)
    page.go_back()
    page.wait_for_selector(f".question:has-text('{TITLE}')")


def test_a_copied_text_shows_that_it_was_copied(opened: Open, url: str) -> None:
    page = opened(url, **PHONE)
    ask(page, TITLE)
    answered(page)
    button = page.locator(".answer .acts button").first
    before = button.inner_html()
    button.click()
    page.wait_for_function("([node, html]) => node.innerHTML !== html", arg=[button.element_handle(), before])
    page.wait_for_function("([node, html]) => node.innerHTML === html", arg=[button.element_handle(), before])


def test_another_mentor_hears_what_the_first_one_said(opened: Open, url: str) -> None:
    page = opened(url, **PHONE)
    ask(page, "My boss hasn't paid me for two months and keeps saying next week.")
    answered(page)
    with page.expect_request(lambda request: request.url.endswith("/process")) as sent:
        page.locator(".answer .worded").last.click()
    body = sent.value.post_data_json
    assert [one["role"] for one in body["context"]["message_history"]] == ["user", "assistant"]
    page.wait_for_function(
        "() => document.querySelectorAll('.answer .text').length === 2 && !document.querySelector('[aria-busy=true]')"
    )
    first, second = page.locator(".answer .text").all_inner_texts()
    assert first != second
