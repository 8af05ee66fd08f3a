"""Signing in on the console, with an issuer of our own in a real Chromium: as people do it, and as attackers try to bend it."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest

from ion_mentoring.local.parts import free_port
from tests.console.conftest import PHONE, answered, ask, installed, unheard
from tests.console.issuer import Issuer, issuing
from tests.local.conftest import running_set

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.proof


@pytest.fixture(scope="module")
def tenant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Issuer]]:
    """A set of a tenant, and the issuer of its people."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with issuing(f"{url}/signed-in") as issuer:
        folder = tmp_path_factory.mktemp("tenant")
        with running_set(folder, PORT=str(port), CACHE_KEY_SECRET="s" * 32, **issuer.settings()):
            issuer.known_to(url)
            yield url, issuer


@pytest.fixture
def acme(tenant: tuple[str, Issuer]) -> Iterator[tuple[str, Issuer]]:
    """The same, with an issuer that is honest again after each test."""
    url, issuer = tenant
    yield url, issuer
    issuer.claims, issuer.id_claims, issuer.says, issuer.lives_s, issuer.offline = {}, {}, {}, 600, True
    issuer.grants.clear()


@pytest.fixture
def page(context: Any, acme: tuple[str, Issuer]) -> "Page":
    """The console of the tenant, where nobody has signed in."""
    made: Page = context().new_page()
    made.goto(acme[0])
    made.wait_for_selector("text=Sign in to ask.")
    return made


def sign_in(page: "Page", person: str = "kim") -> None:
    """Signs in as somebody, with the button above the conversation."""
    page.click(".notes >> text=Sign in >> nth=-1")
    page.fill("[name=person]", person)
    page.click("text=In")
    page.wait_for_selector(".composer .send")


def signed_in(page: "Page", person: str = "kim") -> None:
    """Waits until the page has somebody's token, and says so."""
    page.wait_for_selector(f".settings-link >> text={person.title()}", state="attached")
    page.wait_for_function("() => !document.querySelector('.notes p')")


def stored(page: "Page") -> str:
    """All that the page keeps in this browser beside conversations."""
    return str(page.evaluate("JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie])"))


def test_a_question_of_a_visitor_is_answered_once_somebody_has_signed_in(page: "Page", acme: tuple[str, Issuer]) -> None:
    url, _ = acme
    ask(page, "I failed my exam and I feel like a fraud")
    page.wait_for_selector(".trouble >> text=You need to sign in to ask this.")
    assert page.locator('.trouble a[href="tel:988"]').count(), "danger does not wait for that"
    page.click(".trouble .strong")
    page.fill("[name=person]", "kim")
    page.click("text=In")
    assert answered(page)
    signed_in(page)
    assert page.url.startswith(f"{url}/#c=") or page.url == f"{url}/", "neither code nor state stays in the address"
    page.click(".settings-link")
    page.wait_for_selector("text=Signed in as Kim.")
    kept = stored(page)
    assert "kim" not in kept.lower()
    assert "ey" not in kept, "no token is kept"


def test_a_page_that_is_loaded_anew_is_signed_in_without_a_question(page: "Page", acme: tuple[str, Issuer]) -> None:
    sign_in(page)
    signed_in(page)
    ask(page, "How do I rest well?")
    answered(page)
    page.fill("#text", "half a thought")
    address = page.url
    assert "#c=" in address
    with page.expect_navigation(url="**/signed-in?*"):
        page.reload()
    page.wait_for_url(address)
    page.wait_for_function("() => document.getElementById('text')?.value === 'half a thought'")
    ask(page, unheard())
    answered(page)
    assert acme[1].grants == ["authorization_code"] * 2


def test_a_token_that_ends_is_renewed_behind_the_question(page: "Page", acme: tuple[str, Issuer]) -> None:
    _, issuer = acme
    issuer.lives_s = 31
    sign_in(page)
    signed_in(page)
    page.wait_for_timeout(1_500)
    for _ in range(2):
        ask(page, unheard())
        answered(page)
        page.wait_for_timeout(1_200)
    assert issuer.grants.count("refresh_token") >= 2
    assert not page.locator(".trouble").count()


def test_where_the_issuer_gives_nothing_to_renew_with_the_page_goes_round_once(page: "Page", acme: tuple[str, Issuer]) -> None:
    _, issuer = acme
    issuer.offline = False
    sign_in(page)
    signed_in(page)
    page.evaluate("() => { const now = Date.now; Date.now = () => now() + 700_000; }")
    issuer.offline = True
    with page.expect_navigation(url="**/signed-in?*"):
        ask(page, unheard())
    assert answered(page)
    assert issuer.grants == ["authorization_code"] * 2


def test_signing_out_takes_the_conversations_out_of_this_browser_and_ends_the_session(
    page: "Page", acme: tuple[str, Issuer]
) -> None:
    sign_in(page)
    signed_in(page)
    ask(page, "How do I rest well?")
    answered(page)
    other = page.context.new_page()
    other.goto(acme[0])
    signed_in(other)
    other.wait_for_selector(".entry")
    page.click(".settings-link")
    page.click("text=Sign out")
    page.wait_for_selector("text=Your conversations leave this browser")
    with page.expect_navigation(url=f"{acme[0]}/"):
        page.locator(".setting .danger >> text=Sign out").click()
    for tab in (page, other):
        tab.wait_for_selector("text=Sign in to ask.")
        assert not tab.locator(".entry").count()
    sign_in(page, "lee")
    signed_in(page, "lee")
    assert not page.locator(".entry").count(), "conversations of another person"
    page.click(".settings-link")
    page.click("text=Sign out")
    page.locator(".setting .danger >> text=Sign out").click()
    page.wait_for_selector("text=Sign in to ask.")
    sign_in(page, "kim")
    page.wait_for_selector(".entry")  # the server keeps them


def test_two_people_of_one_browser_see_their_own(page: "Page", acme: tuple[str, Issuer]) -> None:
    sign_in(page, "ann")
    signed_in(page, "ann")
    ask(page, unheard())
    answered(page)
    page.context.clear_cookies()  # her session at the issuer ends
    page.reload()
    page.wait_for_selector("text=Sign in to ask.")
    sign_in(page, "bob")
    signed_in(page, "bob")
    page.wait_for_timeout(300)
    assert not page.locator(".entry").count()


def test_offline_the_conversations_are_there_and_nobody_is_sent_round(page: "Page", acme: tuple[str, Issuer]) -> None:
    sign_in(page)
    signed_in(page)
    ask(page, "How do I rest well?")
    answered(page)
    installed(page)
    page.context.set_offline(True)
    page.reload()
    page.wait_for_selector(".entry")
    assert page.url.startswith(f"{acme[0]}/")


def test_operators_sign_in_and_are_back_where_they_were(context: Any, acme: tuple[str, Issuer]) -> None:
    page = context(**PHONE).new_page()
    page.goto(f"{acme[0]}/operate")
    page.click("text=Sign in")
    page.fill("[name=person]", "ops")
    page.click("text=In")
    page.wait_for_url(f"{acme[0]}/operate")


def begun(page: "Page") -> dict[str, str]:
    """What the console asks the issuer, at whose page the tab stands then."""
    page.click(".notes >> text=Sign in >> nth=-1")
    page.wait_for_selector("[name=person]")
    return {name: values[0] for name, values in parse_qs(urlsplit(page.url).query).items()}


@pytest.mark.parametrize(
    "lie", [{"iss": "https://evil.example"}, {"state": "another"}, {"error": "server_error"}, {"iss": ""}], ids=str
)
def test_an_answer_of_another_issuer_or_sign_in_asks_for_no_token(
    page: "Page", acme: tuple[str, Issuer], lie: dict[str, str]
) -> None:
    _, issuer = acme
    issuer.says = lie
    sign_in(page)
    page.wait_for_selector(".notes >> text=Please try again")
    assert not issuer.grants
    issuer.says = {}
    page.click(".notes >> text=Sign in >> nth=-1")
    signed_in(page)


def test_an_answer_that_is_replayed_or_sent_to_somebody_else_lets_nobody_in(
    page: "Page", context: Any, acme: tuple[str, Issuer]
) -> None:
    url, issuer = acme
    asked = begun(page)
    stolen = f"{url}/signed-in?code={issuer.code('mallory', asked)}&state={asked['state']}&iss={issuer.url}"
    victim = context().new_page()
    victim.goto(stolen)
    victim.wait_for_selector(".notes >> text=begun in another window")
    assert not issuer.grants, "the victim's browser asked for no token"
    page.goto(stolen)
    signed_in(page, "mallory")
    assert issuer.grants == ["authorization_code"]
    page.goto(f"{url}/signed-in?code={issuer.code('mallory', asked)}&state={asked['state']}&iss={issuer.url}")
    page.wait_for_selector(".notes >> text=begun in another window")
    assert issuer.grants == ["authorization_code"]


@pytest.mark.parametrize(
    "lie", [{"aud": "another"}, {"nonce": "another"}, {"iss": "https://evil.example"}, {"exp": 1}], ids=str
)
def test_an_id_token_that_does_not_fit_lets_nobody_in(page: "Page", acme: tuple[str, Issuer], lie: dict[str, Any]) -> None:
    acme[1].id_claims = lie
    sign_in(page)
    page.wait_for_selector(".notes >> text=Signing in did not work.")


def test_a_token_for_another_audience_is_refused_without_going_in_circles(page: "Page", acme: tuple[str, Issuer]) -> None:
    _, issuer = acme
    issuer.claims = {"aud": "another"}
    sign_in(page)
    signed_in(page)
    ask(page, unheard())
    page.wait_for_selector(".trouble")
    page.wait_for_timeout(1_000)
    assert len(issuer.grants) == 1
    assert page.locator(".trouble").count() == 1


@pytest.mark.parametrize(
    "way", ["//evil.example", "https://evil.example/", "javascript:alert(1)", "/\\evil.example", "@evil.example"]
)
def test_no_address_says_where_to_go_after_signing_in(page: "Page", acme: tuple[str, Issuer], way: str) -> None:
    url, _ = acme
    kept = "JSON.stringify({ state: 's', at: Date.now(), issuer: '', fragment: way })"
    page.evaluate(f"way => sessionStorage.setItem('ion.sign-in', {kept})", way)
    names = "&".join(f"{name}={way}" for name in ("next", "return", "redirect_uri", "post_logout_redirect_uri"))
    page.goto(f"{url}/signed-in?state=s&{names}#{way}")
    page.wait_for_selector(".notes >> text=Sign in")
    assert urlsplit(page.url).netloc == urlsplit(url).netloc
    assert urlsplit(page.url).path == "/"


def test_an_issuer_that_is_away_hides_nothing(page: "Page", acme: tuple[str, Issuer]) -> None:
    url, issuer = acme
    sign_in(page)
    signed_in(page)
    ask(page, "How do I rest well?")
    answered(page)
    page.context.route(f"{issuer.url}/**", lambda route: route.abort())
    page.reload()
    page.wait_for_selector(".entry")
    page.wait_for_selector("text=Sign in to ask.")
    assert page.url.startswith(url)


def test_the_policy_lets_no_other_place_have_a_token(page: "Page") -> None:
    sign_in(page)
    signed_in(page)
    sends = "place => fetch(place, { mode: 'no-cors' }).then(() => 'sent', String)"
    for place in ("http://127.0.0.1:9/", "https://evil.example/"):
        assert page.evaluate(sends, place) != "sent"
