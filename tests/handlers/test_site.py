"""The contract and the pages are served whole, from here alone."""

import re

import httpx2
import pytest

from ion_mentoring.handlers.api.site import Site
from ion_mentoring.handlers.web.app import App


async def test_the_contract_lists_exactly_the_documented_endpoints(router: httpx2.AsyncClient, laptop: App) -> None:
    document = (await router.get("/openapi.json")).json()
    listed = {(method.upper(), path) for path, methods in document["paths"].items() for method in methods}
    assert listed == {(one.method, one.path) for one in laptop.endpoints.all if one.documented}
    assert document["openapi"].startswith("3.1")


async def test_every_reference_in_the_contract_resolves(router: httpx2.AsyncClient) -> None:
    response = await router.get("/openapi.json")
    names = set(re.findall(r'"#/components/schemas/([^"]+)"', response.text))
    assert names
    assert names <= set(response.json()["components"]["schemas"])


async def test_the_contract_says_the_limits_that_are_checked(router: httpx2.AsyncClient) -> None:
    schema = (await router.get("/openapi.json")).json()["components"]["schemas"]["ProcessRequest"]
    assert schema["properties"]["user_input"]["maxLength"] == 4_000
    assert schema["required"] == ["user_input"]


@pytest.mark.parametrize("path", ["/", "/docs", "/docs/migration"])
async def test_a_page_names_only_files_of_this_server(router: httpx2.AsyncClient, path: str) -> None:
    page = await router.get(path)
    assert page.status_code == 200
    assert page.headers["content-type"].startswith("text/html")
    assert "default-src 'none'" in page.headers["content-security-policy"]
    named = [file for file in re.findall(r'(?:src|href)="([^"]+)"', page.text) if file != "data:,"]
    assert named
    for file in named:
        assert file.startswith("/")
        response = await router.get(file)
        assert response.status_code == 200, file
        assert response.headers["x-content-type-options"] == "nosniff"


async def test_no_page_has_script_in_it_that_its_own_policy_forbids(router: httpx2.AsyncClient) -> None:
    for path in ("/", "/docs", "/docs/migration"):
        text = (await router.get(path)).text
        assert not re.search(r"<script(?![^>]*\bsrc=)", text)
        assert not re.search(r"\son\w+=", text)


async def test_no_page_reads_or_writes_what_a_server_would_log(router: httpx2.AsyncClient) -> None:
    """Words in the part of a URL that is sent stand in the log of every load balancer on the way."""
    page = (await router.get("/")).text
    for file in ("/docs.js", *re.findall(r'"(/assets/[^"]+\.js)"', page)):
        text = (await router.get(file)).text
        assert "location.search" not in text
        assert not re.search(r"fetch\([^)]*\?", text)
    for path in ("/", "/docs", "/docs/migration"):
        assert not re.search(r"<form(?![^>]*id=)|method=|href=\"[^\"]*\?", (await router.get(path)).text)


async def test_the_contract_is_made_once() -> None:
    made: list[int] = []
    site = Site(lambda: {"openapi": "3.1.0", "made": made.append(1) or len(made)})
    (endpoint,) = (one for one in site.endpoints() if one.path == "/openapi.json")
    bodies = {bytes((await endpoint.run(None)).body) for _ in range(3)}  # type: ignore[arg-type]
    assert bodies == {b'{"openapi":"3.1.0","made":1}'}


@pytest.mark.parametrize("part", ["bytes=0-9", "bytes=x", "bytes=9-1", "bytes=99999999-", "²"])
async def test_a_part_of_an_asset_is_the_whole(router: httpx2.AsyncClient, part: str) -> None:
    response = await router.get("/docs/assets/swagger-ui.css", headers=[(b"range", part.encode("latin-1"))])
    assert response.status_code == 200
    assert len(response.content) > 100_000


async def test_an_asset_that_is_none_is_not_found(router: httpx2.AsyncClient) -> None:
    for name in ("index.html", "..%2fsecret", "%2e%2e"):
        assert (await router.get(f"/docs/assets/{name}")).status_code == 404


async def test_head_is_answered_like_get(router: httpx2.AsyncClient) -> None:
    assert (await router.head("/api/v2/health")).status_code == 200


@pytest.mark.parametrize(
    "path", ["/", "/docs", "/style.css", "/openapi.json", "/api/v2/health", "/api/v2/personas", "/nowhere", "/health"]
)
async def test_every_answer_tells_a_browser_what_it_may_do_with_it(router: httpx2.AsyncClient, path: str) -> None:
    headers = (await router.get(path)).headers
    assert headers["content-security-policy"].startswith("default-src 'none'")
    assert ("unsafe-" in headers["content-security-policy"]) == (path == "/docs")
    assert headers["cross-origin-opener-policy"] == headers["cross-origin-resource-policy"] == "same-origin"
    assert headers["referrer-policy"] == "no-referrer"
    assert ("microphone=()" in headers["permissions-policy"]) == (path != "/"), "the console takes dictation"
    assert "strict-transport-security" not in headers, "over http it must not be said"


async def test_a_stream_has_the_same_headers_and_https_is_asked_for_where_it_was_used(router: httpx2.AsyncClient) -> None:
    asked = {"accept": "text/event-stream", "x-forwarded-proto": "https"}
    headers = (await router.post("/api/v2/process", json={"user_input": "How do I rest well?"}, headers=asked)).headers
    assert headers["content-security-policy"].startswith("default-src 'none'")
    assert headers["strict-transport-security"] == "max-age=31536000; includeSubDomains"
