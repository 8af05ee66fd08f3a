"""`ion keys`: what is sent, and that a secret is shown once and alone."""

import json
from collections.abc import Callable
from typing import Any

from tests.cli.conftest import Ion, Ran
from tests.cli.stand_in import StandIn, refused, said


def key(**more: Any) -> dict[str, Any]:
    fields = ("id", "expires_at", "revoked_at", "last_used_at", "rotating_until")
    return dict.fromkeys(fields) | {"id": "k1", "name": "ci", "role": "service", "bootstrap": False} | more


def test_a_key_is_made_and_its_secret_is_alone_in_a_pipe(stand_in: StandIn, inside: Callable[..., Ran]) -> None:
    stand_in.says = [refused(503, "STORE_UNAVAILABLE"), said({"api_key": "ion_k1_secret", "key": key()})]
    order = ("--role", "service", "--scope", "ask", "--scope", "batch", "--expires", "2027-01-31", "--tokens", "5")
    ran = inside("keys", "create", "ci", *order)
    assert (ran.code, ran.out) == (0, "ion_k1_secret\n")
    assert json.loads(stand_in.asked[1].body) == {
        "name": "ci",
        "role": "service",
        "scopes": ["ask", "batch"],
        "expires_at": "2027-01-31T00:00:00Z",
        "monthly_tokens": 5,
    }
    assert stand_in.asked[0].headers["idempotency-key"] == stand_in.asked[1].headers["idempotency-key"]


def test_a_person_is_told_that_a_secret_is_shown_only_now(stand_in: StandIn, elsewhere: Ion) -> None:
    stand_in.says = [said({"api_key": "ion_k1_secret", "key": key()})]
    shown = elsewhere.at_a_terminal("keys", "rotate", "k1", "--overlap", "0.5", NO_COLOR="1").out
    assert shown.startswith("ion_k1_secret\r\n")
    assert "shown only now" in shown
    assert (stand_in.asked[0].path, json.loads(stand_in.asked[0].body)) == ("/api/v2/api-keys/k1/rotate", {"overlap_s": 1800})


def test_keys_are_listed_with_their_state(stand_in: StandIn, inside: Callable[..., Ran]) -> None:
    ended = {"revoked_at": "2026-01-01T00:00:00.000Z"}
    stand_in.says = [
        said({"keys": [key(id=None, bootstrap=True), key(**ended), key(rotating_until="t"), key(last_used_at="now")]})
    ]
    rows = [line.split("\t") for line in inside("keys", "list", "--tenant", "acme").out.splitlines()]
    assert [row[-1] for row in rows] == ["bootstrap", "revoked", "rotating", "valid"]
    assert rows[3] == ["k1", "ci", "service", "-", "now", "valid"]
    assert stand_in.asked[0].path == "/api/v2/api-keys?tenant=acme"


def test_a_key_is_revoked_by_those_who_are_sure(stand_in: StandIn, elsewhere: Ion, inside: Callable[..., Ran]) -> None:
    stand_in.says = [said({"key": key(), "everywhere_within_s": 5.0})]
    assert elsewhere("keys", "revoke", "k1").code == 2
    assert stand_in.asked == []
    assert inside("keys", "revoke", "k/1", "--yes").out == "k1: revoked here, and everywhere within 5 s.\n"
    assert (stand_in.asked[0].method, stand_in.asked[0].path) == ("DELETE", "/api/v2/api-keys/k%2F1")


def test_a_key_lets_somebody_in_until_it_is_revoked(ion: Ion, near: Callable[..., Ran]) -> None:
    secret = near("keys", "create", "the nightly job", "--role", "service", "--expires", "2099-01-31").out.strip()
    (made,) = (one for one in near("keys", "list", "--json").json["keys"] if one["name"] == "the nightly job")
    assert secret.startswith(made["prefix"])
    assert near("ask", "--json", "hello", ION_API_KEY=secret).code == 0
    assert near("keys", "list", ION_API_KEY=secret).code == 4
    renewed = near("keys", "rotate", made["id"], "--overlap", "1", ION_API_KEY="").out.strip()
    assert renewed != secret
    assert [near("personas", ION_API_KEY=one).code for one in (secret, renewed)] == [0, 0]
    assert near("keys", "revoke", made["id"], "--yes", ION_API_KEY="").code == 0
    assert [near("personas", ION_API_KEY=one).code for one in (secret, renewed)] == [4, 4]
    assert near("keys", "create", "x", "--role", "emperor", ION_API_KEY="").code == 3
