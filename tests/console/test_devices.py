"""Two devices of one person: the server's sessions are the truth, and each browser keeps a copy."""

from typing import TYPE_CHECKING

import pytest

from tests.console.conftest import PHONE, Open, answered, ask

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.proof


def entry(page: "Page", title: str) -> None:
    """Opens a conversation by its title, once it is listed."""
    page.wait_for_selector(f".entry-open:has-text('{title}')")
    page.click(f".entry-open:has-text('{title}')")


def test_what_was_said_on_one_device_is_read_and_gone_on_with_on_the_other(opened: Open, url: str) -> None:
    title = "How do I tell my lead that I am leaving?"
    first = opened(url, alone=False)
    ask(first, title)
    said = answered(first)
    second = opened(url, alone=False)
    entry(second, title)
    second.wait_for_selector(".answer .text p")
    assert second.inner_text(".question p") == title
    assert second.inner_text(".answer .text") == said
    assert second.inner_text(".answer h2") == first.inner_text(".answer h2") != ""
    assert second.locator(".answer .face svg").count() == 1
    ask(second, "And what do I say to the team?")
    answered(second)
    first.reload()
    entry(first, title)
    first.wait_for_selector(".turn:nth-child(2) .text p")
    assert first.locator(".question p").all_inner_texts() == [title, "And what do I say to the team?"]


HOLDS = """() => new Promise((held) => {
    indexedDB.open("ion-mentoring").onsuccess = ({ target }) => {
        const store = target.result.transaction("conversations", "readwrite").objectStore("conversations");
        const until = performance.now() + 6_000;
        const again = () => performance.now() < until && (store.get("x").onsuccess = again);
        again();
        held();
    };
})"""


def test_a_name_survives_a_list_of_the_server_that_comes_before_what_is_kept_here(opened: Open, url: str) -> None:
    page = opened(url, alone=False)
    ask(page, "How do I ask for a window seat?")
    answered(page)
    page.locator(".entry:has-text('window seat') .round").click()
    page.click("text=Rename")
    page.fill(".naming input", "The seat")
    page.keyboard.press("Enter")
    page.wait_for_selector(".entry-open:has-text('The seat')")
    busy = page.context.new_page()
    busy.goto(f"{url}/docs")
    busy.evaluate(HOLDS)
    page.reload()
    page.wait_for_timeout(3_000)
    page.wait_for_selector(".entry-open:has-text('The seat')")
    page.wait_for_timeout(1_000)
    assert page.locator(".entry-open:has-text('The seat')").count() == 1
    assert not page.locator(".entry-open:has-text('window seat')").count()
    assert not page.locator(".entry-open[title]:has-text('The seat')").count(), "it is no other device's"


def test_what_only_the_server_has_is_told_so_without_a_network_and_has_the_title_of_its_first_question(
    opened: Open, url: str
) -> None:
    title = "How do I ask for a day at home each week?"
    first = opened(url, alone=False)
    ask(first, title)
    answered(first)
    ask(first, "And if she says no to that?")
    answered(first)
    second = opened(url, alone=False)
    second.wait_for_selector(f".entry-open:has-text('{title}')")
    second.fill(".search input", "each week")
    second.get_by_text("searched by title alone").wait_for()
    second.click("text=Show all")
    second.route("**/api/v2/sessions/*", lambda route: route.abort())
    entry(second, title)
    second.get_by_text("This conversation is on the server").wait_for()
    assert second.locator(".start").count() == 0, "it is not empty"
    second.unroute("**/api/v2/sessions/*")
    second.click("text=Try again")
    second.wait_for_selector(".turn:nth-child(2) .answer .text p")
    second.wait_for_selector(f".entry-open:has-text('{title}')")


def test_an_answer_to_danger_is_set_apart_on_the_other_device_too(opened: Open, url: str) -> None:
    title = "I want to die, I have the pills here"
    first = opened(url, alone=False, **PHONE)
    ask(first, title)
    answered(first)
    second = opened(url, alone=False)
    second.locator(".entry-open", has_text="· Lua").first.click()
    second.wait_for_selector('.answer.safe .call[href="tel:911"]')
    assert second.locator('.answer.safe .text a[href="tel:911"]').count()
    assert not second.locator(".answer .worded, .answer [aria-pressed]").count(), "nobody knows who answered there, or why"


def test_what_the_server_could_not_erase_stays_gone_here_and_is_erased_later(opened: Open, url: str) -> None:
    titles = ["How do I ask for a quieter desk?", "How do I ask for a louder bell?"]
    page = opened(url, alone=False)
    for title in titles:
        page.click(".new")
        ask(page, title)
        answered(page)
    page.route("**/api/v2/sessions/*", lambda route: route.fulfill(status=500, body="{}"))
    page.locator(f".entry:has-text('{titles[0]}') .round").click()
    page.click("text=Delete")
    with page.expect_response(lambda response: response.request.method == "DELETE"):
        page.locator(".entry-menu .danger").click()
    page.click(".settings-link")
    page.click(".setting .danger")
    page.click(".erase .danger")
    page.get_by_text("could not be erased on the server yet").wait_for()
    page.unroute("**/api/v2/sessions/*")
    erased: list[bool] = []
    page.on("response", lambda response: erased.append(response.ok) if response.request.method == "DELETE" else None)
    with page.expect_response(lambda response: response.url.endswith("/sessions") and response.ok):
        page.reload()
    page.wait_for_timeout(500)
    assert len(erased) >= len(titles)
    assert all(erased)
    for title in titles:
        assert not page.locator(f".entry-open:has-text('{title}')").count()


def test_what_is_deleted_here_is_gone_on_the_server(opened: Open, url: str) -> None:
    title = "How do I say no to another meeting?"
    page = opened(url, alone=False)
    ask(page, title)
    answered(page)
    page.locator(f".entry:has-text('{title}') .round").click()
    page.locator(".entry-menu .danger").click()
    with page.expect_response(lambda response: response.request.method == "DELETE") as erased:
        page.locator(".entry-menu .danger").click()
    assert erased.value.ok
    other = opened(url, alone=False)
    other.wait_for_timeout(1_500)
    assert not other.locator(f".entry-open:has-text('{title}')").count()
