"""The keys that an issuer publishes, fetched with a client of this process."""

import asyncio
import time
from contextlib import suppress
from functools import cache, partial

from ion_mentoring.access.issuers.fetched_keys import FetchedKeys
from ion_mentoring.telemetry.events import EventLog
from ion_mentoring.wiring.clients import http_client


def published_keys(issuer: str, url: str, log: EventLog) -> FetchedKeys:
    """The keys that an issuer publishes; where a loop runs, they are on their way."""
    client = cache(partial(http_client, at_once=2))

    async def fetch() -> bytes:
        from ion_mentoring.backends.issuer_documents import fetched

        return await fetched(client(), url)

    keys = FetchedKeys(issuer, fetch, log, time.time)
    with suppress(RuntimeError):  # at load there is no loop, and nothing may hold a socket
        asyncio.get_running_loop()
        keys.trusted(time.time())
    return keys
