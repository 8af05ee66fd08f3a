"""The set as it is asked over HTTP: one call, tried again while that can help, and its errors as failures."""

import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from typing import Any, Final, TypeVar

import httpx2

from ion_cli.failure import Failure, unreachable
from ion_cli.refusals import json_of, refusal
from ion_cli.settings import Settings
from ion_cli.texts import language

WAITS_S: Final = (0.5, 1.0, 2.0, 4.0)  # before each new try
LONGEST_WAIT_S: Final = 30.0  # a server that asks for more is left to the caller
TIMEOUT: Final = httpx2.Timeout(120, connect=5)  # an answer may take as long as a local model loads

T = TypeVar("T")


class Server:
    """A set at its URL. `told` hears the seconds until each new try."""

    def __init__(
        self, settings: Settings, told: Callable[[float], None] = lambda _s: None, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self.settings = settings
        self.met = False  # True once somebody was there
        self._told = told
        self._sleep = sleep

    def __enter__(self) -> "Server":
        return self

    def __exit__(self, *_: object) -> None:
        if "client" in self.__dict__:
            self.client.close()

    def get(self, path: str, **query: str) -> Any:
        """The JSON at a path."""
        return json_of(self.call("GET", path, params=query or None))

    def glance(self, path: str) -> Any:
        """The JSON at a path, asked for once: for whoever looks again soon anyway."""
        with self.reached():
            return json_of(good(self.client.get(path)))

    def post(self, path: str, body: Any = None, **query: str) -> Any:
        """The JSON that answers a body."""
        return json_of(self.call("POST", path, json=body, params=query or None))

    def call(self, method: str, path: str, headers: Mapping[str, str] | None = None, **options: Any) -> httpx2.Response:
        """A good response, whole; Failure for any other. A request that is sent again is the same one to the server."""
        headers = {**(keyed() if method == "POST" else {}), **(headers or {})}

        def once() -> httpx2.Response:
            with self.reached():
                return good(self.client.request(method, path, headers=headers, **options))

        return self.patiently(once)

    def patiently(self, work: Callable[[], T]) -> T:
        """The outcome of work that is tried again while its failures may pass."""
        for wait_s in WAITS_S:
            try:
                return work()
            except Failure as failure:
                self.wait_after(failure, wait_s)
        return work()

    @contextmanager
    def reached(self) -> Iterator[None]:
        """Failures of the network become failures of the run."""
        try:
            yield
        except (httpx2.ConnectError, httpx2.ConnectTimeout) as error:
            raise unreachable("UNREACHABLE", "unreachable.connect", url=self.settings.url) from error
        except httpx2.HTTPError as error:
            self.met = True
            raise unreachable("CONNECTION_LOST", "unreachable.lost", url=self.settings.url) from error
        self.met = True

    def wait_after(self, failure: Failure, wait_s: float) -> None:
        """Wait before a new try, as long as the server asks for; raises the failure again where that would not help."""
        asked_s = failure.retry_after_s or 0
        absent = failure.code == "UNREACHABLE" and not self.met and wait_s > WAITS_S[0]  # a wrong URL is told soon
        if not failure.passing or absent or asked_s > LONGEST_WAIT_S:
            raise failure
        wait_s = max(wait_s, asked_s)
        self._told(wait_s)
        self._sleep(wait_s)

    @cached_property
    def client(self) -> httpx2.Client:
        """The connections, which open when first needed."""
        key = {"x-api-key": self.settings.key} if self.settings.key else {}
        return httpx2.Client(
            base_url=self.settings.url,
            headers={"accept-language": language(), "user-agent": "ion", **key},
            timeout=TIMEOUT,
            trust_env=not self.settings.local,  # a proxy does not lead to this machine
        )


def keyed() -> dict[str, str]:
    """The header of a request that does its work once, however often it is sent."""
    return {"idempotency-key": uuid.uuid4().hex}


def good(response: httpx2.Response) -> httpx2.Response:
    """The response if it is a good one; Failure if not."""
    if not response.is_success:
        response.read()
        raise refusal(response)
    return response
