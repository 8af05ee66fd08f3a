"""The pages of the router beside the console: the browsable contract and the guide for v1 clients; nothing comes from a CDN."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, Final

from msgspec import Struct
from pydantic_core import to_json
from starlette.responses import Response

from ion_mentoring.access.permissions import ANYONE
from ion_mentoring.errors import NotFound
from ion_mentoring.handlers.web.call import Call, Endpoint, Run
from ion_mentoring.handlers.web.responses import json_bytes
from ion_mentoring.handlers.web.security_headers import DOCS as DOCS_HEADERS
from ion_mentoring.handlers.web.security_headers import PAGE
from ion_mentoring.resources import read_text

STYLE: Final = "ion_mentoring/handlers/api/pages/style.css"
DOCS: Final = "ion_mentoring/handlers/api/pages/docs.html"
DOCS_SCRIPT: Final = "ion_mentoring/handlers/api/pages/docs.js"
MIGRATION: Final = "ion_mentoring/handlers/api/pages/migration.html"

FRESH: Final = {"cache-control": "no-cache"}
SWAGGER_FILES: Final = {"swagger-ui.css": "text/css", "swagger-ui-bundle.js": "text/javascript"}


class Site(Struct, frozen=True):
    """`contract` gives the OpenAPI document; it is asked once, since making it takes as long as a hundred answers."""

    contract: Callable[[], dict[str, Any]]

    def endpoints(self) -> tuple[Endpoint, ...]:
        """The table of the pages."""
        return (
            Endpoint("GET", "/openapi.json", _made_once(self.contract), "The contract", allows=ANYONE, limited=False),
            *(
                Endpoint("GET", path, _page(file, kind), "A page", allows=ANYONE, limited=False, documented=False)
                for path, file, kind in (
                    ("/style.css", STYLE, "text/css"),
                    ("/docs", DOCS, "text/html"),
                    ("/docs.js", DOCS_SCRIPT, "text/javascript"),
                    ("/docs/migration", MIGRATION, "text/html"),
                )
            ),
            Endpoint("GET", "/docs/assets/{name}", _asset, "Swagger UI", allows=ANYONE, limited=False, documented=False),
        )


def _made_once(contract: Callable[[], dict[str, Any]]) -> Run:
    document = cache(lambda: to_json(contract()))

    async def run(_call: Call) -> Response:
        return json_bytes(document())

    return run


def _page(file: str, kind: str) -> Run:
    async def run(_call: Call) -> Response:
        return Response(_text(file), headers={**(DOCS_HEADERS if file == DOCS else PAGE), **FRESH}, media_type=kind)

    return run


@cache
def _text(file: str) -> str:
    return read_text(file)


async def _asset(call: Call) -> Response:
    name = call.path["name"]
    if name not in SWAGGER_FILES:
        raise NotFound("no such asset")
    headers = {**DOCS_HEADERS, "cache-control": "public, max-age=86400"}
    return Response(_swagger(name), headers=headers, media_type=SWAGGER_FILES[name])


@cache
def _swagger(name: str) -> bytes:
    """A file of the package with Swagger UI, whole whatever Range says; only the docs page pays for its import."""
    import flask_swagger_ui

    return (Path(flask_swagger_ui.__file__).parent / "dist" / name).read_bytes()
