"""The doors of the local set: which function a request is for, and whether it gets there."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from starlette.requests import Request

from ion_mentoring.errors import Forbidden, MentoringError
from ion_mentoring.handlers.web.app import App
from ion_mentoring.local import guard

INNER: Final = ("v1", "local")

Scope = dict[str, Any]
Asgi = Callable[[Scope, Any, Any], Awaitable[None]]


class LocalSet:
    """Dispatches by path: the bus, the functions below `/functions/`, and the router for everything else.

    On a `laptop` strangers' pages are kept out; anywhere else the bus is closed to everybody.
    Functions look at their callers themselves.
    """

    def __init__(self, router: Asgi, mounted: Mapping[str, Asgi], bus: App, *, laptop: bool) -> None:
        self._router = router
        self._mounted = mounted
        self._bus = bus
        self._laptop = laptop

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        """One ASGI event."""
        if scope["type"] != "http":
            return
        first, second = (*scope["path"].split("/")[1:], "", "")[:2]
        refusal = self._refusal(scope, first)
        if refusal:
            response = await self._bus.handle(Request(scope, receive), refusal)
            await response(scope, receive, send)
        elif first == "functions" and second in self._mounted:
            root = f"/functions/{second}"
            await self._mounted[second]({**scope, "root_path": root}, receive, send)
        elif first in ("v1", "local"):
            response = await self._bus.handle(Request(scope, receive))
            await response(scope, receive, send)
        else:
            await self._router(scope, receive, send)

    def _refusal(self, scope: Scope, first: str) -> MentoringError | None:
        if self._laptop:
            return guard.refusal(scope["method"], scope["headers"])
        return Forbidden("an inner door, and this is no laptop") if first in INNER else None
