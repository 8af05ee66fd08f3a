"""A real browser that a test drives over the Chrome DevTools Protocol."""

import base64
import json
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import httpx2
from websockets.sync.client import ClientConnection, connect

WITHIN_S = 30.0
QUIET = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--remote-debugging-port=0"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)


class Page:
    """A page: runs JavaScript in it, waits for what it shows, and takes pictures of it."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection
        self._numbers = count(1)

    def run(self, script: str) -> Any:
        """The value of an expression."""
        result = self._call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in result, result
        return result["result"].get("value")

    def text(self, selector: str) -> str:
        """The text of the first element, empty if there is none."""
        return str(self.run(f"document.querySelector({selector!r})?.textContent ?? ''"))

    def waited(self, condition: str, within_s: float = WITHIN_S) -> None:
        """Returns when an expression is true."""
        deadline = time.monotonic() + within_s
        while not self.run(condition):
            assert time.monotonic() < deadline, f"never: {condition}; the page shows {self.text('main')!r}"
            time.sleep(0.03)

    def go(self, url: str) -> None:
        """Opens an address, and waits until it is there; a page may take its fragment away."""
        self._call("Page.navigate", url=url)
        self.waited(f"location.href.startsWith({url.partition('#')[0]!r}) && document.readyState === 'complete'")

    def picture(self, path: Path, *, width: int = 1_100, height: int = 900, dark: bool = False) -> None:
        """A screenshot as PNG."""
        self._call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self._call("Emulation.setEmulatedMedia", features=[scheme])
        path.write_bytes(base64.b64decode(self._call("Page.captureScreenshot", format="png")["data"]))

    def _call(self, method: str, **params: Any) -> dict[str, Any]:
        number = next(self._numbers)
        self._connection.send(json.dumps({"id": number, "method": method, "params": params}))
        while True:
            told = json.loads(self._connection.recv(timeout=WITHIN_S))
            if told.get("id") == number:
                assert "error" not in told, told
                result: dict[str, Any] = told["result"]
                return result


@contextmanager
def opened(browser: str, profile: Path, *, language: str = "en") -> Iterator[Page]:
    """An empty page of a browser that is started for it."""
    process = subprocess.Popen(
        [browser, *QUIET, f"--lang={language}", f"--accept-lang={language}", f"--user-data-dir={profile}", "about:blank"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        port = _port(profile / "DevToolsActivePort")
        (target,) = (one for one in httpx2.get(f"http://127.0.0.1:{port}/json").json() if one["type"] == "page")
        with connect(target["webSocketDebuggerUrl"], max_size=None) as connection:
            yield Page(connection)
    finally:
        process.terminate()
        process.wait(WITHIN_S)


def _port(file: Path) -> int:
    deadline = time.monotonic() + WITHIN_S
    while not (file.exists() and file.read_text(encoding="ascii").count("\n")):
        assert time.monotonic() < deadline, "the browser did not start"
        time.sleep(0.03)
    return int(file.read_text(encoding="ascii").split()[0])
