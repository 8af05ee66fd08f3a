"""Batches over HTTP: handed in, watched until they end, and their results."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO, Any, Final, TypeVar
from urllib.parse import quote

from ion_cli.batch_files import TYPES, Questions, kept
from ion_cli.failure import Exit, Failure
from ion_cli.refusals import json_of
from ion_cli.server import Server, good
from ion_cli.texts import text

ROOT: Final = "/api/v2/batches"
PAGE: Final = "200"  # results in one page, the most that there may be
LOOKS_S: Final = (0.3, 0.5, 1.0)  # between the first looks at a batch; then
LOOK_S: Final = 2.0
RETRY_S: Final = (2.0, 5.0, 10.0)  # between tries while the network is gone; then
LAST_RETRY_S: Final = 20.0

Batch = dict[str, Any]
T = TypeVar("T")


def path_of(batch_id: str, below: str = "") -> str:
    """The path of a batch; an id with strange characters stays one."""
    return f"{ROOT}/{quote(batch_id, safe='')}{below}"


def submitted(server: Server, asked: Questions) -> tuple[Batch, bool]:
    """The batch, and True if the same questions were handed in before: then it is that one, as it stands now."""
    headers = {"content-type": asked.media_type, "idempotency-key": asked.key}
    response = server.call("POST", ROOT, headers=headers, content=asked.content, params=asked.wishes or None)
    batch: Batch = json_of(response)["batch"]
    if response.headers.get("idempotency-replayed") != "true":
        return batch, False
    return shown(server, batch["id"]), True


def shown(server: Server, batch_id: str) -> Batch:
    """A batch with its counts."""
    batch: Batch = server.get(path_of(batch_id))["batch"]
    return batch


@dataclass(frozen=True, slots=True)
class Patience:
    """The will to wait for a set that was there and is gone, so many seconds; `lost` hears of each wait."""

    server: Server
    seconds: float
    lost: Callable[[], None]

    def __call__(self, work: Callable[[], T]) -> T:
        """The outcome of work that is tried again until the patience is over; a failure that cannot pass is one at once."""
        retries, heard_at = iter(RETRY_S), time.monotonic()
        while True:
            try:
                return work()
            except Failure as failure:
                if not (failure.passing and self.server.met) or time.monotonic() - heard_at >= self.seconds:
                    raise
            self.lost()
            time.sleep(next(retries, LAST_RETRY_S))


def followed(batch: Batch, patience: Patience) -> Iterator[Batch]:
    """The batch each time it is looked at, until it has ended."""
    yield batch
    pauses = iter(LOOKS_S)
    while batch["state"] == "running":
        time.sleep(next(pauses, LOOK_S))
        batch = patience(partial(shown, patience.server, batch["id"]))
        yield batch


def results(server: Server, batch_id: str) -> Batch:
    """All results in the form of the API, as one page."""
    whole: Batch = server.get(path_of(batch_id, "/results"), limit=PAGE)
    while cursor := whole["next_cursor"]:
        page = server.get(path_of(batch_id, "/results"), limit=PAGE, cursor=str(cursor))
        whole = page | {"results": whole["results"] + page["results"]}
    return whole


def download(server: Server, batch_id: str, form: str, file: Path) -> bool:
    """Write all results to a file, from the beginning where the connection breaks; True if the batch has ended."""

    def once() -> bool:
        with kept(file) as out:
            return copied(server, batch_id, form, out)

    return server.patiently(once)


def copied(server: Server, batch_id: str, form: str, out: IO[bytes]) -> bool:
    """Copy all results into a file as they come; True if the batch has ended."""
    with streamed(server, batch_id, form) as (pieces, complete):
        for piece in pieces:
            out.write(piece)
    return complete


@contextmanager
def streamed(server: Server, batch_id: str, form: str) -> Iterator[tuple[Iterator[bytes], bool]]:
    """All results as they come, and True if the batch has ended."""
    headers = {"accept": TYPES[form]}
    with server.reached(), server.client.stream("GET", path_of(batch_id, "/results"), headers=headers) as response:
        good(response)
        if not response.headers.get("content-type", "").startswith(TYPES[form]):
            raise Failure(Exit.UNREACHABLE, "NOT_A_SET", text("refused.stream"))
        yield response.iter_bytes(), response.headers.get("x-batch-complete") == "true"
