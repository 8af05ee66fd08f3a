"""The console's files: named by their content, compressed, tagged, under a policy that runs nothing foreign."""

import gzip
import re

import httpx2
import pytest

from ion_mentoring.errors import SettingsInvalid
from ion_mentoring.settings.router import RouterSettings
from ion_mentoring.wiring.router import build
from tests.fakes import client
from tests.handlers.conftest import LAPTOP


@pytest.fixture
async def router() -> httpx2.AsyncClient:
    return client(build(RouterSettings.read(LAPTOP)))


async def test_the_page_comes_in_the_readers_language(router: httpx2.AsyncClient) -> None:
    for sent, language in (("ko-KR,en;q=0.5", "ko"), ("de,en;q=0.5", "en"), ("", "en")):
        response = await router.get("/", headers={"accept-language": sent})
        assert f'<html lang="{language}">' in response.text
        assert "accept-language" in response.headers["vary"]
        assert response.headers["cache-control"] == "no-cache"


async def test_every_file_of_the_page_is_kept_for_ever_under_a_name_of_its_content(router: httpx2.AsyncClient) -> None:
    page = (await router.get("/")).text
    named = re.findall(r'(?:src|href)="(/assets/[^"]+)"', page)
    assert {name.rpartition(".")[2] for name in named} >= {"js", "css", "svg", "webmanifest"}
    for name in named:
        response = await router.get(name)
        assert response.status_code == 200
        assert response.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert re.search(r"\.[A-Z0-9]{8}\.js$|\.[0-9a-f]{10}\.", name), name


async def test_a_file_is_packed_where_the_browser_takes_that(router: httpx2.AsyncClient) -> None:
    packed = await router.get("/", headers={"accept-encoding": "br, gzip"})
    plain = await router.get("/", headers={"accept-encoding": "gzip;q=0, identity"})
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert packed.text == plain.text
    assert int(packed.headers["content-length"]) == len(gzip.compress(plain.content, 9))


async def test_what_the_browser_has_is_not_sent_again(router: httpx2.AsyncClient) -> None:
    first = await router.get("/sw.js")
    again = await router.get("/sw.js", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert (await router.get("/sw.js", headers={"if-none-match": '"other"'})).status_code == 200


@pytest.mark.parametrize("name", ["app.00000000.js", "..%2ffiles.json", "%2e%2e", "x", "files.json"])
async def test_a_file_that_is_none_is_not_found_and_nobody_keeps_that(router: httpx2.AsyncClient, name: str) -> None:
    response = await router.get(f"/assets/{name}")
    assert response.status_code == 404
    assert response.headers["cache-control"] == "no-store"
    assert response.headers["content-type"] == "application/json"


async def test_the_policy_lets_nothing_foreign_in(router: httpx2.AsyncClient) -> None:
    headers = (await router.get("/")).headers
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
    assert "unsafe" not in policy
    assert "require-trusted-types-for 'script'; trusted-types shell" in policy
    assert "frame-ancestors 'none'" in policy
    assert "microphone=(self)" in headers["permissions-policy"], "dictation is the browser's own"


async def test_a_setting_says_who_may_embed_it() -> None:
    asked = client(build(RouterSettings.read({**LAPTOP, "CONSOLE_FRAMED_BY": "'self' https://learn.example.com"})))
    policy = (await asked.get("/")).headers["content-security-policy"]
    assert "frame-ancestors 'self' https://learn.example.com;" in policy


@pytest.mark.parametrize("value", ["*", "http://a.example", "https://a.example; script-src *", "https:", "none"])
def test_a_setting_that_would_open_the_policy_stops_the_start(value: str) -> None:
    with pytest.raises(SettingsInvalid, match="CONSOLE_FRAMED_BY"):
        RouterSettings.read({**LAPTOP, "CONSOLE_FRAMED_BY": value})


async def test_no_word_in_the_page_runs(router: httpx2.AsyncClient) -> None:
    page = (await router.get("/")).text
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=", page)


async def test_a_switch_makes_browsers_let_go_of_the_worker(router: httpx2.AsyncClient) -> None:
    assert "unregister" not in (await router.get("/sw.js")).text
    await router.put("/api/v2/flags/console_worker", json={"variant": "off"})
    assert "unregister" in (await router.get("/sw.js")).text
    await router.delete("/api/v2/flags/console_worker")
    assert "unregister" not in (await router.get("/sw.js")).text
