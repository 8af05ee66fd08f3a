"""The console of a tenant: what its page is told of signing in, and to whom it may connect."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from ion_mentoring.errors import SettingsInvalid
from ion_mentoring.handlers.web.app import App
from ion_mentoring.resources import ROOT
from ion_mentoring.settings.router import RouterSettings
from ion_mentoring.wiring.router import build
from tests.fakes import client
from tests.handlers.conftest import LAPTOP

SECRET = "s" * 32
NOBODY = {"sign_in": None, "guests": False}


def sign_in(host: str = "login.acme.example", **changed: Any) -> dict[str, Any]:
    entry = {
        "issuer": f"https://{host}/",
        "client_id": "console",
        "authorization_endpoint": f"https://{host}/authorize",
        "token_endpoint": f"https://{host}:8443/token",
    }
    return {**entry, **changed}


def settings(*tenants: dict[str, Any], **more: str) -> dict[str, str]:
    """Settings with these entries, whose issuers' tokens are taken."""
    issuers = [
        {"issuer": one["sign_in"]["issuer"], "audience": "ion", "tenant": one.get("tenant", "default"), **BY_SECRET}
        for one in tenants
        if isinstance(one.get("sign_in"), dict)
    ]
    return {**LAPTOP, "JWT_ISSUERS": json.dumps(issuers), "CONSOLE_TENANTS": json.dumps(tenants), **more}


BY_SECRET: dict[str, Any] = {"secret": SECRET, "algorithms": ["HS256"]}


def built(*tenants: dict[str, Any]) -> App:
    return build(RouterSettings.read(settings(*tenants)))


async def test_on_a_laptop_nobody_signs_in() -> None:
    async with client(build(RouterSettings.read(LAPTOP))) as asked:
        assert (await asked.get("/console.json")).json() == NOBODY
        assert "connect-src 'self';" in (await asked.get("/")).headers["content-security-policy"]


def shown_in(page: Path) -> dict[str, Any]:
    """The first JSON of a document."""
    shown: dict[str, Any] = json.loads(JSON.findall(page.read_text(encoding="utf-8"))[0])
    return shown


JSON = re.compile(r"^```json\n(.*?)^```", re.MULTILINE | re.DOTALL)
PAGES = [ROOT.parent / "docs/console.md", ROOT.parent / "docs/console.ko.md"]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
async def test_the_tenant_in_the_documents_is_one_that_people_sign_in_to_and_guests_ask(page: Path) -> None:
    shown = shown_in(page)
    set_up = {**LAPTOP, "CACHE_KEY_SECRET": SECRET, **{name: json.dumps(value) for name, value in shown.items()}}
    async with client(build(RouterSettings.read(set_up))) as asked:
        told = (await asked.get("/console.json", headers={"host": "acme.mentoring.example"})).json()
        assert told["guests"] is True
        assert told["sign_in"]["client_id"] == "ion-console"
        assert (await asked.get("/console.json", headers={"host": "other.example"})).json() == NOBODY


async def test_each_host_has_the_issuer_of_its_tenant_and_connects_to_no_other() -> None:
    school = {"tenant": "school", "hosts": ["school.ion.example"], "sign_in": sign_in("login.school.example")}
    async with client(built({"tenant": "acme", "sign_in": sign_in()}, school)) as asked:
        for host, issuer in (
            ("ion.example", "acme"),
            ("school.ion.example", "school"),
            ("SCHOOL.ion.example.:443", "school"),
            ("school.ion.example.evil.example", "acme"),
            ("[::1]:8080", "acme"),
        ):
            told = await asked.get("/console.json", headers={"host": host})
            assert told.json()["sign_in"]["issuer"] == f"https://login.{issuer}.example/", host
            assert told.headers["cache-control"] == "no-cache"
            for path in ("/", "/signed-in", "/operate"):
                policy = (await asked.get(path, headers={"host": host})).headers["content-security-policy"]
                assert f"connect-src 'self' https://login.{issuer}.example:8443; " in policy


async def test_where_only_some_hosts_have_an_issuer_others_have_none() -> None:
    async with client(built({"hosts": ["acme.ion.example"], "sign_in": sign_in()})) as asked:
        assert (await asked.get("/console.json", headers={"host": "ion.example"})).json() == NOBODY


async def test_the_page_that_an_issuer_leads_back_to_is_the_console_and_repeats_nothing() -> None:
    async with client(built({"sign_in": sign_in()})) as asked:
        page = await asked.get("/signed-in?code=c0de&state=st4te&iss=https://evil.example")
        assert page.text == (await asked.get("/")).text
        assert not {"c0de", "st4te", "evil"} & set(page.text.split('"'))
        assert page.headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"authorization_endpoint": "http://login.acme.example/authorize"}, "authorization_endpoint"),
        ({"authorization_endpoint": "javascript:alert(1)//"}, "authorization_endpoint"),
        ({"token_endpoint": "https://login.acme.example/t; script-src *"}, "token_endpoint"),
        ({"token_endpoint": "https://a@login.acme.example/token"}, "token_endpoint"),
        ({"end_session_endpoint": "https://login.acme.example"}, "end_session_endpoint"),
        ({"scope": "profile"}, "scope: needs openid"),
        ({"parameters": {"redirect_uri": "https://hunter2.example"}}, "redirect_uri is the console's own"),
        ({"client_secret": "hunter2"}, "Extra inputs"),
        ({"client_id": ""}, "client_id"),
    ],
)
def test_a_sign_in_that_would_open_something_stops_the_start(wrong: dict[str, Any], said: str) -> None:
    with pytest.raises(SettingsInvalid, match="CONSOLE_TENANTS: entry 1: ") as raised:
        built({"sign_in": sign_in(**wrong)})
    assert said in str(raised.value)
    assert "hunter2" not in str(raised.value)


@pytest.mark.parametrize(
    ("entries", "said"),
    [
        ("{", "is no JSON"),
        ("[]", "at least 1"),
        (json.dumps([{"tenant": "acme"}]), "needs sign_in or guests"),
        (json.dumps([{"sign_in": sign_in()}] * 2), "two without hosts"),
        (json.dumps([{"hosts": ["a.example"], "sign_in": sign_in()}] * 2), "the same host"),
        (json.dumps([{"hosts": ["https://a.example"], "sign_in": sign_in()}]), "hosts"),
        (json.dumps([{"sign_in": sign_in("login.other.example")}]), "JWT_ISSUERS has no such issuer for its tenant"),
        (json.dumps([{"tenant": "other", "sign_in": sign_in()}]), "JWT_ISSUERS has no such issuer for its tenant"),
    ],
)
def test_entries_that_fit_nothing_stop_the_start(entries: str, said: str) -> None:
    with pytest.raises(SettingsInvalid, match="CONSOLE_TENANTS") as raised:
        RouterSettings.read(settings({"sign_in": sign_in()}, CONSOLE_TENANTS=entries))
    assert said in str(raised.value)
