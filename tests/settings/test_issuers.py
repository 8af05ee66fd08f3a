"""Issuers are listed as JSON; an entry that is wrong stops the start, by its place and field and never by its value."""

import json
from typing import Any

import pytest

from ion_mentoring.errors import SettingsInvalid
from ion_mentoring.settings.access import Access

ACME = {"issuer": "https://login.acme.example", "audience": "ion", "jwks_url": "https://login.acme.example/jwks.json"}
SECRET = "a-secret-of-thirty-two-bytes-or-more"


def access(*entries: dict[str, Any], **environ: str) -> Access:
    return Access.read({"JWT_ISSUERS": json.dumps(entries), **environ})


def test_an_entry_says_the_keys_and_what_tokens_may_be() -> None:
    issuer, another = access(
        {**ACME, "tenant": "acme", "algorithms": ["ES256", "EdDSA"], "leeway_s": 5, "lifetime_s": 600, "types": ["at+jwt"]},
        {**ACME, "audience": "another"},
    ).issuers
    assert (issuer.tenant, issuer.algorithms, issuer.leeway_s, issuer.lifetime_s) == ("acme", ("ES256", "EdDSA"), 5, 600)
    assert (another.algorithms, another.roles) == (("RS256",), ("mentee", "service"))


def test_the_issuer_of_jwt_key_is_the_first_of_all() -> None:
    alone = {"JWT_KEY": SECRET, "JWT_ALGORITHM": "HS256", "JWT_ISSUER": "us", "JWT_AUDIENCE": "ion"}
    ours, acme = access(ACME, **alone).issuers
    assert (ours.issuer, ours.algorithms, "admin" in ours.roles) == ("us", ("HS256",), True)
    assert acme.issuer == ACME["issuer"]
    assert [one.issuer for one in Access.read(alone).issuers] == ["us"]
    assert Access.read({}).issuers == ()


def test_issuers_are_a_way_to_sign_in() -> None:
    assert access(ACME, ENVIRONMENT="prod").issuers


WRONG: dict[str, tuple[Any, str]] = {
    "no json": ("[{", "is no JSON"),
    "an object": ({}, "valid tuple"),
    "nothing": ([], "at least 1"),
    "no audience": ([{**ACME, "audience": ""}], "entry 1: audience: "),
    "no keys": ([ACME, {"issuer": "x", "audience": "y"}], "entry 2: needs one of"),
    "two kinds of keys": ([{**ACME, "secret": SECRET}], "entry 1: needs one of"),
    "an address without protection": ([{**ACME, "jwks_url": "http://login.acme.example/jwks"}], "entry 1: jwks_url: "),
    "another scheme": ([{**ACME, "jwks_url": "file:///etc/passwd"}], "entry 1: jwks_url: "),
    "an algorithm of nobody": ([{**ACME, "algorithms": ["none"]}], "entry 1: algorithms: "),
    "a shared secret by another name": ([{**ACME, "algorithms": ["HS256"]}], "entry 1: HS256 needs a secret"),
    "both kinds": (
        [{"issuer": "x", "audience": "y", "secret": SECRET, "algorithms": ["HS256", "RS256"]}],
        "entry 1: HS256 needs a secret",
    ),
    "a field of nobody": ([{**ACME, "jwks_uri": "https://hunter2.example"}], "entry 1: Extra inputs"),
    "the same twice": ([ACME, ACME], "twice"),
    "a life of two days": ([{**ACME, "lifetime_s": 172_800}], "entry 1: lifetime_s: "),
    "a role of nobody": ([{**ACME, "roles": ["root"]}], "entry 1: roles: "),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_is_wrong_is_named_and_not_shown(what: str) -> None:
    entries, said = WRONG[what]
    with pytest.raises(SettingsInvalid, match=f"^JWT_ISSUERS: .*{said}") as raised:
        Access.read({"JWT_ISSUERS": entries if isinstance(entries, str) else json.dumps(entries)})
    for value in (SECRET, "hunter2", "passwd", "acme"):
        assert value not in str(raised.value)
