"""What the framework has as its first middleware: every request is our function's, whatever the framework's routes know."""

from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response


class EveryRequest:
    """Stands before the framework's routes, and gives every request to our function `handle`, whose response it sends."""

    def __init__(self, app: Any, *, handle: Callable[[Request], Awaitable[Response]]) -> None:
        self._app = app
        self._handle = handle

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        """One ASGI event."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        response = await self._handle(Request(scope, receive, send))
        await response(scope, receive, send)
