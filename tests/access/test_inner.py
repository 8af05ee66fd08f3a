"""An inner door opens for the accounts that it names, with a token for itself that was verified, and for nobody else."""

import base64
import json
import time
from typing import Any, Final

import jwt
import pytest

from ion_mentoring.access.inner import REMOVED, InnerAuthenticator, Presented, account_of
from ion_mentoring.access.issuers.issuer import Issuer
from ion_mentoring.access.issuers.key import FixedKeys, VerificationKey
from ion_mentoring.access.removed_signatures import RemovedSignatures
from ion_mentoring.access.tokens import Tokens
from ion_mentoring.backends.identity.shared_secret import SecretTokens
from ion_mentoring.errors import Forbidden, Unauthenticated
from ion_mentoring.settings.inner import InnerDoor
from ion_mentoring.telemetry.events import EventLog
from ion_mentoring.wiring.inner import inner_door
from tests.access.issuers.issuer_server import RSA_KEYS

GOOGLE: Final = "https://accounts.google.com"
ROUTER, BATCH = "ion-router@p.iam.gserviceaccount.com", "ion-batch@p.iam.gserviceaccount.com"
HOST = "ion-lua-1.us-central1.run.app"
KEYS = FixedKeys((VerificationKey(None, "RS256", b"one", RSA_KEYS[0].public_key()),))
SECRET = "a-secret-of-thirty-two-bytes-or-more"


def google(audience: str) -> Issuer:
    return Issuer(GOOGLE, audience, KEYS, frozenset({"RS256"}), lifetime_s=3_700)


def door(*, hosted: bool = True, pushed: bool = False, audience: str | None = None, laptop: bool = False) -> InnerAuthenticator:
    def removed(token: str, audience: str) -> str:
        return RemovedSignatures(google(audience), time.time)(token, audience)

    return InnerAuthenticator(
        lambda audience: Tokens([google(audience)], time.time, account_of),
        frozenset({ROUTER, BATCH}),
        audience,
        hosted,
        laptop,
        removed if pushed else None,
    )


def claims(**changed: Any) -> dict[str, Any]:
    now = int(time.time())
    whole = {"iss": GOOGLE, "aud": f"https://{HOST}", "sub": "1", "email": ROUTER, "email_verified": True}
    whole = {**whole, "iat": now, "exp": now + 3_600, **changed}
    return {name: value for name, value in whole.items() if value is not ...}


def signed(private: Any = RSA_KEYS[0], **changed: Any) -> str:
    return jwt.encode(claims(**changed), private, "RS256")


def unsigned(**changed: Any) -> str:
    return signed(**changed).rpartition(".")[0] + REMOVED


async def outcome(found: InnerAuthenticator, identity: str | None, bearer: str | None = None, host: str | None = HOST) -> str:
    try:
        await found.check(Presented(identity, bearer and f"Bearer {bearer}", host))
    except (Unauthenticated, Forbidden) as error:
        return error.code
    return "in"


async def test_a_function_of_the_set_comes_in_with_its_token_in_our_header() -> None:
    assert await outcome(door(), signed(), unsigned()) == "in"
    assert await outcome(door(), signed(email=BATCH)) == "in"
    assert await outcome(door(), None, signed()) == "in"


async def test_the_audience_is_the_own_url_wherever_it_is_named() -> None:
    named = door(hosted=False, audience="https://lua.example")
    assert await outcome(named, signed(aud="https://lua.example"), host="anything.run.app") == "in"
    assert await outcome(named, signed(), host=HOST) == "UNAUTHENTICATED"
    assert await outcome(door(hosted=False), signed()) == "UNAUTHENTICATED"
    assert await outcome(door(), signed(aud="https://evil.example"), host="evil.example") == "UNAUTHENTICATED"


REFUSED: Final[dict[str, tuple[str | None, str | None, str]]] = {
    "nothing": (None, None, "UNAUTHENTICATED"),
    "another function's": (signed(aud="https://ion-elro-1.us-central1.run.app"), None, "UNAUTHENTICATED"),
    "another account's": (signed(email="ion-lua@p.iam.gserviceaccount.com"), None, "FORBIDDEN"),
    "an account's that is not verified": (signed(email_verified=False), None, "UNAUTHENTICATED"),
    "an account's that says so": (signed(email_verified="true"), None, "UNAUTHENTICATED"),
    "nobody's": (signed(email=...), None, "UNAUTHENTICATED"),
    "another issuer's": (signed(iss="https://issuer.example"), None, "UNAUTHENTICATED"),
    "one of another key": (signed(RSA_KEYS[1]), None, "UNAUTHENTICATED"),
    "one that has ended": (signed(exp=int(time.time()) - 1), None, "UNAUTHENTICATED"),
    "one without its signature in our header": (unsigned(), None, "UNAUTHENTICATED"),
    "one without its signature in the platform's": (None, unsigned(), "UNAUTHENTICATED"),
    "a wrong one beside a right one": (signed(RSA_KEYS[1]), signed(), "UNAUTHENTICATED"),
    "none, but its words": (None, "x", "UNAUTHENTICATED"),
}


@pytest.mark.parametrize("what", REFUSED)
async def test_a_persona_does_not_open_for(what: str) -> None:
    identity, bearer, expected = REFUSED[what]
    assert await outcome(door(), identity, bearer) == expected


async def test_a_push_comes_in_by_the_claims_that_the_platform_has_verified_and_nowhere_else() -> None:
    assert await outcome(door(pushed=True), None, unsigned()) == "in"
    assert await outcome(door(pushed=True), None, signed()) == "in"
    for wrong in (
        unsigned(email="pusher@another.iam.gserviceaccount.com"),
        unsigned(aud="https://ion-elro-1.us-central1.run.app"),
        unsigned(iss="https://issuer.example"),
        unsigned(email_verified=...),
        unsigned(exp=int(time.time()) - 1),
        unsigned(exp=int(time.time()) + 40_000),
        "x" * 9_000 + REMOVED,
        "a.b" + REMOVED,
        REMOVED,
        base64.urlsafe_b64encode(json.dumps({"alg": "none"}).encode()).decode() + REMOVED,
    ):
        assert await outcome(door(pushed=True), None, wrong) in {"UNAUTHENTICATED", "FORBIDDEN"}
    assert await outcome(door(pushed=True), unsigned(), None) == "UNAUTHENTICATED"


async def test_a_laptop_lets_in_the_developer_and_no_wrong_token() -> None:
    assert await outcome(door(laptop=True, hosted=False), None) == "in"
    assert await outcome(door(laptop=True, hosted=False, audience="https://x"), signed(aud="https://y")) == "UNAUTHENTICATED"


def test_a_door_outside_the_platform_knows_no_removed_signatures() -> None:
    log = EventLog("batch", print)
    for environ in ({"ENVIRONMENT": "prod", "INNER_CALLERS": ROUTER}, {"ENVIRONMENT": "prod", "INNER_SECRET": SECRET}, {}):
        assert inner_door("batch", InnerDoor.read(environ), log, pushed=True).removed is None
    hosted = InnerDoor.read({"ENVIRONMENT": "prod", "INNER_CALLERS": ROUTER, "K_SERVICE": "ion-batch"})
    assert inner_door("batch", hosted, log, pushed=True).removed is not None
    assert inner_door("lua", hosted, log).removed is None


async def test_a_local_set_signs_calls_with_its_secret_for_one_function_each() -> None:
    found = inner_door("lua", InnerDoor.read({"ENVIRONMENT": "prod", "INNER_SECRET": SECRET}), EventLog("lua", print))
    ours, others = SecretTokens(SECRET, time.time), SecretTokens(SECRET[::-1], time.time)
    assert await outcome(found, await ours.token("http://127.0.0.1:1/functions/lua")) == "in"
    assert await outcome(found, await ours.token("http://127.0.0.1:1/functions/elro")) == "UNAUTHENTICATED"
    assert await outcome(found, await others.token("http://127.0.0.1:1/functions/lua")) == "UNAUTHENTICATED"
    assert await outcome(found, None) == "UNAUTHENTICATED"


async def test_a_token_of_the_set_is_made_anew_before_it_ends() -> None:
    now = [1_000.0]
    made = SecretTokens(SECRET, lambda: now[0])
    first = await made.token("http://x/lua")
    now[0] += 500
    assert await made.token("http://x/lua") == first
    now[0] += 60
    assert await made.token("http://x/lua") != first
