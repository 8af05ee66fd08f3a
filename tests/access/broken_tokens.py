"""Sixty tokens that do not hold, each broken in its own way, and how tokens are made that PyJWT would not make."""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any, Final

SECRET: Final = "a-secret-of-thirty-two-bytes-or-more"
HEADER: Final = {"alg": "HS256", "typ": "JWT"}
DAY: Final = 24 * 3_600


def good(now: float, **changed: Any) -> dict[str, Any]:
    """Claims that hold; a change to ... takes one away."""
    claims = {"sub": "kim", "iss": "iss", "aud": "ion", "iat": int(now), "exp": int(now) + 60, **changed}
    return {name: value for name, value in claims.items() if value is not ...}


def signed(claims: Mapping[str, Any] | str | bytes, header: Mapping[str, Any] | str = HEADER, secret: str = SECRET) -> str:
    """A token with a right signature over just these bytes, whatever they are."""
    parts = ".".join(_part(one) for one in (header, claims))
    mark = hmac.new(secret.encode(), parts.encode(), hashlib.sha256).digest()
    return f"{parts}.{base64.urlsafe_b64encode(mark).decode().rstrip('=')}"


def broken(now: float, passes_s: int = 0) -> dict[str, str]:
    """The tokens by what is wrong with them, and still is when `passes_s` seconds have passed."""
    whole, at = signed(good(now)), int(now)
    head, body, mark = whole.split(".")
    return {
        **_forms(whole, head, body, mark),
        **_headers(now),
        **{f"{name} {value!r:.40}": signed(good(now, **{name: value})) for name, value in _claims(at, at + passes_s)},
        **_json(now),
    }


def _forms(whole: str, head: str, body: str, mark: str) -> dict[str, str]:
    return {
        "nothing": "",
        "dots": "..",
        "two parts": f"{head}.{body}",
        "four parts": f"{whole}.x",
        "no signature": f"{head}.{body}.",
        "another signature": f"{head}.{body}.{mark[::-1]}",
        "half a signature": whole[:-20],
        "letters of others": f"{head}.{body}.\u00e9\u00ff",
        "no base64": f"{head}.a.{mark}",
        "encrypted": f"{head}.x.{body}.y.{mark}",
        "over 8 KiB": signed({"sub": "kim", "more": "x" * 8_192}),
    }


def _headers(now: float) -> dict[str, str]:
    claims = good(now)
    return {
        "another secret": signed(claims, secret="another-secret-of-thirty-two-bytes"),
        "another algorithm": signed(claims, {"alg": "HS512", "typ": "JWT"}),
        "a public algorithm": signed(claims, {"alg": "RS256", "typ": "JWT"}),
        "unsigned": signed(claims, {"alg": "none", "typ": "JWT"}),
        "no algorithm": signed(claims, {"typ": "JWT"}),
        "an algorithm that is none": signed(claims, {"alg": {"HS256": []}}),
        "a proof of another kind": signed(claims, {"alg": "HS256", "typ": "dpop+jwt"}),
        "a typ that is no text": signed(claims, {"alg": "HS256", "typ": ["JWT"]}),
        "something critical": signed(claims, {"alg": "HS256", "crit": ["exp"], "exp": 1}),
        "a kid that is no text": signed(claims, {"alg": "HS256", "kid": {"a": 1}}),
        "a body that is not encoded": signed(claims, {"alg": "HS256", "b64": False}),
        "a header that is a list": signed(claims, '["HS256"]'),
        "a header that is no JSON": signed(claims, "{"),
        "an algorithm twice": signed(claims, '{"alg":"none","alg":"HS256"}'),
        "a header that is deep": signed(claims, '{"alg":"HS256","a":' + "[" * 3_000 + "]" * 3_000 + "}"),
    }


def _claims(at: int, last: int) -> tuple[tuple[str, Any], ...]:
    times: tuple[tuple[str, Any], ...] = (
        ("exp", ...), ("exp", at), ("exp", at - 1), ("exp", str(at + 60)), ("exp", True), ("exp", None), ("exp", [at + 60]),
        ("exp", last + DAY + 1), ("exp", at + 10 * 365 * DAY), ("exp", 10**400), ("exp", -1),
        ("iat", last + 31), ("iat", str(at)), ("iat", at - DAY), ("nbf", last + 31), ("nbf", "soon"), ("nbf", {}),
    )  # fmt: skip
    subjects: tuple[tuple[str, Any], ...] = tuple(
        ("sub", value) for value in (..., "", "  ", "x" * 257, 7, None, ["kim"], "a\nb", "a\ud800b", "a\u202eb")
    )
    roles: tuple[tuple[str, Any], ...] = tuple(
        ("roles", value)
        for value in ("mentee", None, 1, 1.5, True, {"mentee": 1}, [{}], [[]], [["mentee"]], [{"name": "mentee"}], [None], [1])
    )
    others: tuple[tuple[str, Any], ...] = (
        ("iss", "another"), ("iss", ["iss"]), ("iss", {}), ("iss", ...),
        ("aud", "another"), ("aud", [{}]), ("aud", 1), ("aud", {"ion": 1}), ("aud", ...), ("aud", None),
        ("monthly_tokens", "many"), ("monthly_tokens", -1), ("monthly_tokens", 1.5), ("monthly_tokens", True),
        ("monthly_tokens", 10**40),
    )  # fmt: skip
    return times + subjects + roles + others


def _json(now: float) -> dict[str, str]:
    body = json.dumps(good(now))[1:-1]
    return {
        "a claim twice": signed(f'{{{body},"sub":"lee"}}'),
        "a claim twice, once in escapes": signed(f'{{{body},"\\u0073ub":"lee"}}'),
        "roles twice": signed(f'{{{body},"roles":["mentee"],"roles":["admin"]}}'),
        "a name twice further down": signed(f'{{{body},"a":[{{"b":1,"b":2}}]}}'),
        "a number that is none": signed(f'{{{body},"a":NaN}}'),
        "a number without end": signed(f'{{{body},"a":1e999}}'),
        "a number of 5,000 digits": signed(f'{{{body},"a":{"1" * 5_000}}}'),
        "deep claims": signed(f'{{{body},"a":{"[" * 2_500}{"]" * 2_500}}}'),
        "a list of claims": signed(f"[{{{body}}}]"),
        "a text": signed('"kim"'),
        "claims in UTF-16": signed(json.dumps(good(now)).encode("utf-16")),
        "claims in no UTF-8": signed(b'{"sub":"\xff"}'),
        "no claims": signed(""),
    }


def _part(sent: Mapping[str, Any] | str | bytes) -> str:
    if isinstance(sent, Mapping):
        sent = json.dumps(sent)
    return base64.urlsafe_b64encode(sent.encode() if isinstance(sent, str) else sent).decode().rstrip("=")
