"""The console's files, as `console/` builds them: with tags, compressed, and with a policy that lets no foreign script run."""

import zlib
from collections.abc import Awaitable, Callable, Mapping
from functools import cache
from typing import Any, Final

from msgspec import Struct
from pydantic_core import from_json
from starlette.responses import Response

from ion_mentoring.access.permissions import ANYONE
from ion_mentoring.catalogue.texts import preferred
from ion_mentoring.errors import NotFound
from ion_mentoring.handlers.api.console_tenants import TenantPage, TenantPages
from ion_mentoring.handlers.web.call import Call, Endpoint, Run
from ion_mentoring.handlers.web.http_request import HttpRequest
from ion_mentoring.resources import paths

FILES: Final = "ion_mentoring/handlers/api/console_files/*"
ASSETS: Final = "ion_mentoring/handlers/api/console_files/assets/*"
TYPES: Final = {
    "html": "text/html",
    "js": "text/javascript",
    "css": "text/css",
    "svg": "image/svg+xml",
    "png": "image/png",
    "txt": "text/plain",
    "webmanifest": "application/manifest+json",
}
FRESH: Final = "no-cache"
FOR_EVER: Final = "public, max-age=31536000, immutable"
UNHASHED: Final = ("assets/licences.txt",)
PACKED: Final = ("html", "js", "css", "svg", "txt", "webmanifest")


class Console(Struct, frozen=True):
    """The console, which is each tenant's own at its hosts. Where it shall have no `worker`, browsers let go of theirs."""

    tenants: TenantPages
    worker: Callable[[], Awaitable[bool]]

    def endpoints(self) -> tuple[Endpoint, ...]:
        """The table of its files."""
        return (
            _page("/", self._shell),
            _page("/operate", self._shell),
            _page("/signed-in", self._shell),
            _page("/console.json", self._told),
            _page("/sw.js", self._worker),
            _page("/assets/{name}", self._asset),
        )

    async def _told(self, call: Call) -> Response:
        page = self._tenant(call)
        headers = {**page.headers, "cache-control": FRESH}
        return Response(page.told, headers=headers, media_type="application/json")

    def _tenant(self, call: Call) -> TenantPage:
        return self.tenants.of(call.request.header(b"host"))

    async def _shell(self, call: Call) -> Response:
        language = preferred(call.request.header(b"accept-language") or "")
        return self._file(f"index.{language}.html", call, vary="accept-language, accept-encoding")

    async def _worker(self, call: Call) -> Response:
        return self._file("sw.js" if await self.worker() else "sw.gone.js", call)

    async def _asset(self, call: Call) -> Response:
        return self._file(f"assets/{call.path['name']}", call)

    def _file(self, name: str, call: Call, vary: str = "accept-encoding") -> Response:
        digest = _served().get(name)
        if digest is None:
            raise NotFound("no such file of the console")
        fixed = name.startswith("assets/") and name not in UNHASHED
        tag = f'"{digest[:32]}"'
        headers = {**self._tenant(call).headers, "cache-control": FOR_EVER if fixed else FRESH, "etag": tag, "vary": vary}
        if tag in (call.request.header(b"if-none-match") or ""):
            return Response(status_code=304, headers=headers)
        kind = name.rpartition(".")[2]
        packed = kind in PACKED and _takes_gzip(call.request)
        if packed:
            headers["content-encoding"] = "gzip"
        return Response(_packed(name) if packed else _bytes(name), headers=headers, media_type=TYPES[kind])


def _page(path: str, run: Run) -> Endpoint:
    return Endpoint("GET", path, run, "A page", allows=ANYONE, limited=False, documented=False)


def _takes_gzip(request: HttpRequest) -> bool:
    for coding in (request.header(b"accept-encoding") or "").split(","):
        name, _, weight = coding.replace(" ", "").partition(";q=")
        if name.lower() in {"gzip", "*"}:
            return weight.rstrip("0.") != "" or not weight
    return False


@cache
def _served() -> Mapping[str, str]:
    """The SHA-256 of each file that is served, by its name: those of this build, and of the releases before."""
    (listed,) = (path for path in paths(FILES) if path.name == "files.json")
    names: dict[str, Any] = from_json(listed.read_bytes())
    earlier = {name: digest for release in names["releases"] for name, digest in release["assets"].items()}
    return {**earlier, **names["files"]}


@cache
def _bytes(name: str) -> bytes:
    folder = paths(FILES)[0].parent
    return (folder / name).read_bytes()


@cache
def _packed(name: str) -> bytes:
    """The file in gzip, made once an instance; a compressed twin in the repository would differ by the machine that made it."""
    packer = zlib.compressobj(9, wbits=31)
    return packer.compress(_bytes(name)) + packer.flush()
