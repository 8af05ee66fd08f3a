"""A table of signed tokens that must let nobody in, each under the name of what is wrong with it."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Iterable
from typing import Any

from tests.attacks import sets

NOW = int(time.time())
HEAD: dict[str, Any] = {"alg": "HS256", "typ": "JWT"}
CLAIMS: dict[str, Any] = {
    "iss": sets.ISSUER,
    "aud": sets.AUDIENCE,
    "sub": "u1",
    "iat": NOW,
    "exp": NOW + 3600,
    "roles": ["mentee"],
}
_HASHES = {"HS256": hashlib.sha256, "HS384": hashlib.sha384, "HS512": hashlib.sha512}


def _b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _text(part: object) -> bytes:
    return part if isinstance(part, bytes) else json.dumps(part).encode()


def signed(claims: object, header: object = None, key: str = sets.JWT_KEY, by: str = "HS256") -> str:
    """Claims and header are objects, or bytes that stand as they are."""
    body = f"{_b64(_text(HEAD if header is None else header))}.{_b64(_text(claims))}"
    return f"{body}.{_b64(hmac.digest(key.encode(), body.encode(), _HASHES[by]))}"


def claiming(**changes: object) -> str:
    return signed({**CLAIMS, **changes})


def headed(**changes: object) -> str:
    return signed(CLAIMS, {**HEAD, **changes})


def _without(claim: str) -> str:
    return signed({name: value for name, value in CLAIMS.items() if name != claim})


def _twice(text: str) -> str:
    return signed(json.dumps(CLAIMS)[:-1].encode() + f", {text}}}".encode())


def _each(claim: str, values: Iterable[object]) -> dict[str, str]:
    return {f"{claim} as {value!r}": claiming(**{claim: value}) for value in values}


def _raw(claim: str, text: str) -> str:
    """A claim written as JSON writers do not write it."""
    return signed(json.dumps({**CLAIMS, claim: "HERE"}).replace('"HERE"', text).encode())


GOOD = signed(CLAIMS)
H, C, S = GOOD.split(".")
FORGED = {
    "another key": signed(CLAIMS, key="x" * 64),
    "an empty key": signed(CLAIMS, key=""),
    "an empty signature": f"{H}.{C}.",
    "half a signature": f"{H}.{C}.{S[: len(S) // 2]}",
    "the signature of other claims": f"{H}.{C}.{claiming(sub='u2').split('.')[2]}",
    "claims changed after signing": f"{H}.{claiming(roles=['admin']).split('.')[1]}.{S}",
    "a header changed after signing": f"{headed(kid='1').split('.')[0]}.{C}.{S}",
    "a signature in padding": f"{H}.{C}.====",
}
_NAMES: list[object] = ["RS256", "ES256", "EdDSA", "hs256", 256, ["HS256"], None]
ALGORITHMS = {
    **{f"algorithm {name}": f"{headed(alg=name).rsplit('.', 1)[0]}." for name in ("none", "None", "NONE", "nOnE", "")},
    **{f"algorithm {name} signed right": signed(CLAIMS, {**HEAD, "alg": name}, by=name) for name in ("HS384", "HS512")},
    **{f"algorithm {name} by HS256": headed(alg=name) for name in _NAMES},
    "no algorithm at all": signed(CLAIMS, {"typ": "JWT"}),
    "a demand that nobody knows": headed(crit=["x"], x=1),
    "claims that are not encoded": headed(b64=False, crit=["b64"]),
}
FORMS = {
    **{f"{text!r} as token": text for text in (".", "..", "a.b", "a.b.c", "null", "{}")},
    "no signature": f"{H}.{C}",
    "no claims": f"{H}..{S}",
    "no header": f".{C}.{S}",
    "four parts": f"{GOOD}.{S}",
    "five parts": f"{H}..{C}.{S}.{S}",
    "a letter outside of base64": f"{H}.{C}é.{S}",
    "a header that is a list": signed(CLAIMS, ["HS256"]),
    "a header that is no JSON": signed(CLAIMS, b"{alg:HS256}"),
    **{f"claims that are {text!r}": signed(text) for text in (b"", b"null", b"1", b'"x"', b"[]", b"{}", b"{", b'{"": "\xff"}')},
    "claims in UTF-16": signed(json.dumps(CLAIMS).encode("utf-16")),
    "claims 1,500 deep": _raw("x", "[" * 1500 + "]" * 1500),
    "more than 8 KiB": claiming(x="x" * 8192),
}
TIMES = {
    "exp in ten years": claiming(exp=NOW + 315_360_000),
    "exp in 25 hours": claiming(exp=NOW + 90_000),
    "exp in the past": claiming(exp=NOW - 3600),
    "exp as text": claiming(exp=str(NOW + 3600)),
    **_each("exp", ("x", None, True, [9_999_999_999], {}, -1, "")),
    **{f"exp as {text:.9}": _raw("exp", text) for text in ("NaN", "Infinity", "1e999", "9" * 5000)},
    "no exp": _without("exp"),
    "nbf in an hour": claiming(nbf=NOW + 3600),
    "iat in an hour": claiming(iat=NOW + 3600),
    **_each("nbf", ("x", [], {})),
    **_each("iat", ("x", [], {})),
}
PEOPLE = {
    **{f"sub of {length} letters": claiming(sub="u" * length) for length in (257, 4000)},
    **_each("sub", ("", " ", 7, None, True, ["u"], {}, "u\x00", "u\n")),
    "sub as half a surrogate": _raw("sub", '"\\ud800"'),
    "no sub": _without("sub"),
    **_each("roles", (7, True, None, "mentee", {"mentee": 1}, {}, "")),
    **_each("roles", ([{"name": "mentee"}], [["mentee"]], [7], [None], [True], [1.5])),
    **_each("roles", (["mentee", {}], ["mentee", []], ["mentee", None], ["mentee", 7])),
}
ISSUERS = {
    **_each("iss", ("https://other.example", "", None, [sets.ISSUER], 7, sets.ISSUER + "/")),
    **_each("aud", ("other", "", None, [], {}, 7, ["other"], [["ion"]], "ion ")),
    "no iss": _without("iss"),
    "no aud": _without("aud"),
}
_TYPES: list[object] = ["JOSE", "dpop+jwt", "logout+jwt", "secevent+jwt", 7, [], ""]
KINDS = {f"typ {value!r}": headed(typ=value) for value in _TYPES}
TWICE = {
    "sub twice": _twice('"sub": "u2"'),
    "exp twice": _twice(f'"exp": {NOW + 3600}'),
    "roles twice": _twice('"roles": ["admin"]'),
    "iss twice": _twice(f'"iss": "{sets.ISSUER}"'),
    "sub twice, once in escapes": _twice('"s\\u0075b": "u2"'),
    "an inner claim twice": _twice('"x": {"y": 1, "y": 2}'),
}
BROKEN: dict[str, str] = {**FORGED, **ALGORITHMS, **FORMS, **TIMES, **PEOPLE, **ISSUERS, **KINDS, **TWICE}
