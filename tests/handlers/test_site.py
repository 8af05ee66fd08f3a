"""The contract and the pages are served whole, from here alone."""

import re

import httpx2
import pytest

from ion_mentoring.handlers.http import HttpFunction


async def test_the_contract_lists_exactly_the_documented_endpoints(router: httpx2.AsyncClient, laptop: HttpFunction) -> None:
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


async def test_an_asset_that_is_none_is_not_found(router: httpx2.AsyncClient) -> None:
    for name in ("index.html", "..%2fsecret", "%2e%2e"):
        assert (await router.get(f"/docs/assets/{name}")).status_code == 404


async def test_head_is_answered_like_get(router: httpx2.AsyncClient) -> None:
    assert (await router.head("/api/v2/health")).status_code == 200
