"""A page midway: an answer that grows, a storage that is slow."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

GROWN = """([letters, stop]) => {
    const text = document.querySelector(".text")?.textContent ?? "";
    const send = document.querySelector(".send");
    const label = send.getAttribute("aria-label");
    if (text.length < letters) return null;
    if (stop) send.click();
    return [text, label];
}"""


def grown(page: "Page", letters: int = 1, *, stop: bool = False) -> list[str]:
    """The text of the first answer once it has so many letters, and the label of the button then, which is pressed to `stop`.

    The page itself looks and presses: however slow the machine is, the answer is not over meanwhile.
    """
    found: list[str] = page.wait_for_function(GROWN, arg=[letters, stop]).json_value()
    return found


HOLD = """() => new Promise((held) => {
    const opening = indexedDB.open("ion-mentoring");
    opening.onsuccess = () => {
        const store = opening.result.transaction(["drafts", "conversations"], "readwrite").objectStore("drafts");
        const hold = () => { store.get("").onsuccess = () => { if (!window.released) hold(); }; };
        window.released = false;
        hold();
        held();
    };
})"""


@contextmanager
def slow_storage(page: "Page") -> Iterator[None]:
    """Lets all reading and writing of the browser's storage wait until the end."""
    page.evaluate(HOLD)
    yield
    page.evaluate("() => { window.released = true; }")
