"""An answer as it is written: the events of a stream, taken up again where the connection breaks."""

import json
from collections.abc import Generator, Iterator
from contextlib import closing
from typing import Any

import httpx2

from ion_cli.failure import Failure, unreachable
from ion_cli.refusals import refused
from ion_cli.server import WAITS_S, Server, good, keyed

PATH = "/api/v2/process"

Said = tuple[str, dict[str, Any]]


def answer_stream(server: Server, body: dict[str, Any]) -> Iterator[Said]:
    """`routing` (again where the answer begins anew), `delta`s, and `done` with the answer; Failure where there is none.

    What was heard is told to the server when it is asked again, so nothing is said twice.
    """
    headers = {"accept": "text/event-stream", **keyed()}
    waits = iter(WAITS_S)
    while True:
        try:
            with closing(_events(server, body, headers)) as events:
                for name, data in events:
                    yield name, data
                    if name == "done":
                        return
            raise unreachable("CONNECTION_LOST", "unreachable.lost", url=server.settings.url)
        except Failure as failure:
            wait_s = next(waits, None)
            if wait_s is None:
                raise
            server.wait_after(failure, wait_s)


def _events(server: Server, body: dict[str, Any], headers: dict[str, str]) -> Generator[Said, None, None]:
    """The events of one connection; notes the id of each in the headers of the next one."""
    with server.reached(), server.client.stream("POST", PATH, json=body, headers=headers) as response:
        for event in httpx2.EventSource(good(response)):
            data = _object(event.data)
            if event.event == "error":
                raise refused(None, data)
            yield event.event, data
            headers["last-event-id"] = event.id


def _object(data: str) -> dict[str, Any]:
    try:
        found = json.loads(data)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise unreachable("NOT_A_SET", "refused.stream")
    return found
