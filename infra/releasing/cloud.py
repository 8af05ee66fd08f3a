"""Google's REST interfaces in the name of one project, as far as a release asks them itself."""

import os
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import httpx2

from infra.user_error import UserError

PAUSES_S: Final = (1.0, 3.0)  # before a question is asked again, which changes nothing
SOMETIMES: Final = (429, 500, 502, 503, 504)


class Refusal(UserError):
    """An answer of an interface that is none of what was asked for; `status` is that of HTTP."""

    def __init__(self, host: str, status: int, said: str) -> None:
        super().__init__(f"{host} answered {status}: {said}")
        self.status = status


@dataclass(frozen=True, slots=True)
class Cloud:
    """One project; `token` gives an access token. `at` is where all interfaces are instead, each below its own host's name."""

    client: httpx2.Client
    project: str
    token: Callable[[], str]
    at: str | None = None
    sleep: Callable[[float], object] = time.sleep

    def get(self, host: str, path: str, params: Mapping[str, str] | None = None) -> dict[str, Any] | None:
        """The resource, None if there is none; asked again where that may help. UserError if it cannot be known."""
        for pause in PAUSES_S:
            try:
                response = self._send("GET", host, path, params=params)
            except UserError:
                pass
            else:
                if response.status_code not in SOMETIMES:
                    return _found(host, response)
            self.sleep(pause)
        return _found(host, self._send("GET", host, path, params=params))

    def pages(self, host: str, path: str, field: str, params: Mapping[str, str] | None = None) -> Iterator[dict[str, Any]]:
        """Every element of a list that comes in pages."""
        token: str | None = ""
        while token is not None:
            found = self.get(host, path, {**(params or {}), **({"pageToken": token} if token else {})}) or {}
            yield from found.get(field, ())
            token = found.get("nextPageToken") or None

    def post(self, host: str, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """The response; UserError if it was not done. Asked once."""
        return _read(host, self._send("POST", host, path, json=body))

    def _send(self, method: str, host: str, path: str, **what: Any) -> httpx2.Response:
        where = f"{self.at}/{host}" if self.at else f"https://{host}"
        headers = {"authorization": f"Bearer {self.token()}", "x-goog-user-project": self.project}
        try:
            return self.client.request(method, f"{where}/{path}", headers=headers, **what)
        except httpx2.TransportError as error:
            raise UserError(f"{host} does not answer: {error}") from error


def _found(host: str, response: httpx2.Response) -> dict[str, Any] | None:
    return None if response.status_code == 404 else _read(host, response)


def _read(host: str, response: httpx2.Response) -> dict[str, Any]:
    try:
        value = response.json()
    except ValueError:
        value = None
    if response.is_success and isinstance(value, dict):
        return value
    error = value.get("error") if isinstance(value, dict) else None
    said = error.get("message") if isinstance(error, dict) else None
    raise Refusal(host, response.status_code, said or response.reason_phrase)


def gcloud_token() -> str:
    """An access token of whoever is logged in to the Google Cloud CLI; UserError if nobody is."""
    try:
        done = subprocess.run(["gcloud", "auth", "print-access-token"], check=True, capture_output=True, text=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise UserError("gcloud auth print-access-token failed: gcloud auth login") from error
    return done.stdout.strip()


def elsewhere() -> str | None:
    """The addresses of Google's interfaces instead, for tries without a cloud: GOOGLE_APIS_URL."""
    return os.environ.get("GOOGLE_APIS_URL", "").rstrip("/") or None
