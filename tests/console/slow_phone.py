"""A phone on a slow network, and how soon the console can be used on it."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from tests.console.conftest import CHROMIUM, PHONE, address
from tests.local.conftest import running_set

if TYPE_CHECKING:
    from playwright.sync_api import Page

# RTT 150 ms, 1.6 / 0.75 Mbit/s, processor slowed four times.
NETWORK = {"offline": False, "latency": 150, "downloadThroughput": 1_600_000 / 8, "uploadThroughput": 750_000 / 8}
SLOWER = 4
VISITS = 3
TYPING_MS = 800  # that a cold visit may take until one can type
WATCH = """
window.shifts = 0;
new PerformanceObserver((list) => list.getEntries().forEach((one) => { if (!one.hadRecentInput) window.shifts += one.value; }))
    .observe({ type: "layout-shift", buffered: true });
window.longest = 0;
const longer = (one) => { window.longest = Math.max(window.longest, one.duration); };
new PerformanceObserver((list) => list.getEntries().forEach(longer))
    .observe({ type: "longtask", buffered: true });
const look = () => {
    if (document.querySelector(".composer .send")) window.usable = performance.now();
    else requestAnimationFrame(look);
};
look();
"""


def slowed(page: "Page") -> None:
    """A phone on a slow network."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", NETWORK)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.add_init_script(WATCH)


def visited(page: "Page", url: str) -> Any:
    """The milliseconds until one can type and until everything works, and how much moved."""
    page.goto(url)
    page.wait_for_function("() => window.usable")
    page.wait_for_timeout(600)
    painted = "performance.getEntriesByName('first-contentful-paint')[0].startTime"
    return page.evaluate(f"() => [{painted}, window.usable, window.shifts]")


def first_visits(visits: int = VISITS) -> tuple[float, float] | None:
    """The milliseconds until one can type and until everything works, nothing cached: the best of several visits each.

    None where this machine has no Chromium.
    """
    if not CHROMIUM:
        return None
    from playwright.sync_api import sync_playwright

    with TemporaryDirectory() as folder, running_set(Path(folder)) as running, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        found = []
        for _ in range(visits):
            page = browser.new_context(locale="ko-KR", **PHONE).new_page()
            slowed(page)
            found.append(visited(page, address(running)))
            page.context.close()
        browser.close()
    return min(typing for typing, _, _ in found), min(usable for _, usable, _ in found)
