"""The serving of our functions by functions-framework: with every request, in our error form, over bounded connections.

Its routes know seven methods and paths without a line break; what they do not know gets a plain text of Starlette's, and
what is no HTTP one of uvicorn's. It has no setting for either, so its two classes that decide it are replaced by name:
tests/functions/test_framework.py finds out when a new version of it has others.
"""

import resource
from collections.abc import Callable
from functools import partial
from typing import Any, Final, TypeVar

import functions_framework.aio
from uvicorn_worker import UvicornWorker

from ion_mentoring.handlers.web.connection import Connection
from ion_mentoring.handlers.web.every_request import EveryRequest
from ion_mentoring.settings.deployment import Deployment
from ion_mentoring.telemetry.seldom import Seldom
from ion_mentoring.wiring import basics

MOST_CONNECTIONS: Final = 1_000  # what an instance of Cloud Run may be sent at once
OWN_FILES: Final = 40  # descriptors for what is no connection of a client's: the store, the log, the loop
FILES_EACH: Final = 3  # its own, and the two ends of a call to a function in the same process

Handle = TypeVar("Handle", bound=Callable[..., Any])


def served(handle: Handle) -> Handle:
    """Makes `handle` the function that the framework serves, for requests of any method, path and form."""
    functions_framework.aio.ExceptionHandlerMiddleware = partial(EveryRequest, handle=handle)  # type: ignore[assignment,misc]
    UvicornWorker.CONFIG_KWARGS = {**UvicornWorker.CONFIG_KWARGS, **server_options()}
    functions_framework.aio.http(handle)
    return handle


def server_options() -> dict[str, Any]:
    """The options of uvicorn: our connections, no upgrade, and no header of a client's believed before we look at it."""
    tell = Seldom(basics.log("server", Deployment()).info)
    connection = partial(Connection, most=most_connections(), new_id=basics.new_id, tell=tell)
    return {"http": connection, "ws": "none", "proxy_headers": False, "server_header": False}


def most_connections() -> int:
    """As many as there are file descriptors for, since a server without any can neither answer nor refuse."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return MOST_CONNECTIONS if soft < 0 else max(1, min(MOST_CONNECTIONS, (soft - OWN_FILES) // FILES_EACH))
