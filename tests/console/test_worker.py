"""The worker: it verifies what it installs, waits until it is let in, and can be taken back."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx2
import pytest

from tests.console.conftest import Open, address, installed
from tests.console.report import BUILT
from tests.console.standing_before import standing_before
from tests.local.conftest import running_set

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.proof


def test_a_release_that_is_only_half_there_does_not_replace_the_old_one(opened: Open, url: str) -> None:
    with standing_before(url) as (address_before, replaced):
        page = opened(address_before)
        installed(page)
        worker = page.request.get(f"{url}/sw.js").text()
        listed = json.loads((BUILT / "files.json").read_text(encoding="utf-8"))["files"]
        assert listed["index.en.html"] in worker
        replaced["/sw.js"] = worker.replace(listed["index.en.html"], "0" * 64).encode()
        assert look_for_another(page) == [False, "activated"]
        page.context.set_offline(True)
        page.reload()
        page.wait_for_selector(".composer .send")


def test_a_new_release_waits_until_it_is_let_in(opened: Open, url: str) -> None:
    with standing_before(url) as (address_before, replaced):
        page = opened(address_before)
        installed(page)
        replaced["/sw.js"] = page.request.get(f"{url}/sw.js").body() + b"\n//"
        assert look_for_another(page) == [True, "activated"]
        page.fill("#text", "in the middle of a word")
        page.wait_for_selector("text=There is a new version.")
        assert page.input_value("#text") == "in the middle of a word", "nothing was taken away"
        with page.expect_navigation():
            page.click("text=Change to it")
        page.wait_for_selector(".composer .send")
        page.wait_for_function("() => document.getElementById('text').value === 'in the middle of a word'")


def look_for_another(page: "Page") -> Any:
    """Lets the browser look for another worker, until it is installed or refused: whether one waits, and who works."""
    page.evaluate(
        """() => navigator.serviceWorker.getRegistration().then((one) => {
            one.addEventListener("updatefound", () => { window.another = one.installing; });
            return one.update().catch(() => undefined);
        })"""
    )
    page.wait_for_function("() => window.another && ['installed', 'redundant'].includes(window.another.state)")
    return page.evaluate(
        "() => navigator.serviceWorker.getRegistration().then((one) => [Boolean(one.waiting), one.active.state])"
    )


def test_the_kill_switch_takes_the_worker_and_its_files_away(opened: Open, tmp_path: Path) -> None:
    with running_set(tmp_path) as running:
        page = opened(address(running))
        installed(page)
        turned = httpx2.put(f"{address(running)}/api/v2/flags/console_worker", json={"variant": "off"})
        assert turned.status_code == 200, turned.text
        page.goto(address(running))
        page.evaluate("() => navigator.serviceWorker.getRegistration().then(one => one?.update()).catch(() => undefined)")
        page.wait_for_function("() => navigator.serviceWorker.getRegistration().then(one => one === undefined)")
        page.wait_for_function("() => caches.keys().then(names => names.length === 0)")
