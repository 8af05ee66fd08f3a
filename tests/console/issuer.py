"""An issuer on loopback where people sign in: OpenID Connect's code flow, strict as a good one, or lying as a test wants."""

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.cookies import SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx2
import jwt

from tests.access.issuers.issuer_server import RSA_KEYS, key_set, public_jwk

CLIENT = "console"
AUDIENCE = "ion"
COOKIE = "signed"
KNOWN_WITHIN_S = 90


class Issuer:
    """What an issuer knows. `claims` and `id_claims` change its tokens, `says` its answers by the browser."""

    def __init__(self, redirect_uris: set[str]) -> None:
        self.redirect_uris = redirect_uris
        self.url = ""
        self.lives_s = 600
        self.claims: dict[str, Any] = {}
        self.id_claims: dict[str, Any] = {}
        self.says: dict[str, str] = {}
        self.offline = True
        self.grants: list[str] = []
        self.codes: dict[str, dict[str, str]] = {}
        self.refreshing: dict[str, str] = {}
        self.used: set[str] = set()

    def metadata(self) -> dict[str, Any]:
        """The entry of the console's setting."""
        return {
            "issuer": self.url,
            "client_id": CLIENT,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "end_session_endpoint": f"{self.url}/logout",
            "scope": "openid profile",
            "names_itself": True,
        }

    def settings(self, tenant: str = "acme", **more: Any) -> dict[str, str]:
        """The settings of a set whose people sign in here."""
        entry = {"issuer": self.url, "audience": AUDIENCE, "tenant": tenant, "jwks_url": f"{self.url}/jwks.json"}
        tenants = [{"tenant": tenant, "sign_in": self.metadata(), **more}]
        return {
            "ENVIRONMENT": "dev",
            "FORWARDED_HOPS": "0",
            "JWT_ISSUERS": json.dumps([entry]),
            "CONSOLE_TENANTS": json.dumps(tenants),
        }

    def code(self, person: str, asked: Mapping[str, str]) -> str:
        """A code for whoever has signed in."""
        code = secrets.token_urlsafe(16)
        self.codes[code] = {**asked, "sub": person}
        return code

    def granted(self, form: Mapping[str, str]) -> dict[str, Any] | None:
        """The tokens of a grant; None for one that does not hold. A refresh token that comes twice ends all of its person."""
        self.grants.append(form.get("grant_type", ""))
        if form.get("client_id") != CLIENT:
            return None
        if form.get("grant_type") == "refresh_token":
            token = form.get("refresh_token", "")
            person = self.refreshing.pop(token, None)
            if token in self.used:
                self.refreshing.clear()
            self.used.add(token)
            return self._tokens(person, None) if person else None
        asked = self.codes.pop(form.get("code", ""), None)
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if not asked or asked["code_challenge"] != challenge or asked["redirect_uri"] != form.get("redirect_uri"):
            return None
        return self._tokens(asked["sub"], asked["nonce"])

    def known_to(self, url: str) -> None:
        """Waits until a set has the keys: where its first fetch took too long, the next comes 30 s later."""
        sent = {"authorization": f"Bearer {self._tokens('nobody', None)['access_token']}"}
        until = time.monotonic() + KNOWN_WITHIN_S
        while httpx2.get(f"{url}/api/v2/sessions", headers=sent, timeout=30).status_code != 200:
            assert time.monotonic() < until
            time.sleep(1)

    def _tokens(self, person: str, nonce: str | None) -> dict[str, Any]:
        now = int(time.time())
        about = {"iss": self.url, "sub": person, "iat": now, "exp": now + self.lives_s}
        access = {**about, "aud": AUDIENCE, **self.claims}
        identity = {**about, "aud": CLIENT, "name": person.title(), **({"nonce": nonce} if nonce else {}), **self.id_claims}
        refresh = secrets.token_urlsafe(16)
        self.refreshing[refresh] = person
        return {
            "access_token": jwt.encode(access, RSA_KEYS[0], "RS256", headers={"kid": "one", "typ": "at+jwt"}),
            "token_type": "Bearer",
            "expires_in": self.lives_s,
            "id_token": jwt.encode(identity, RSA_KEYS[0], "RS256", headers={"kid": "one"}),
            **({"refresh_token": refresh} if self.offline else {}),
        }


@contextmanager
def issuing(*redirect_uris: str) -> Iterator[Issuer]:
    """An issuer that listens."""
    issuer = Issuer(set(redirect_uris))
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Answering", (_Handler,), {"issuer": issuer}))
    server.daemon_threads = True
    issuer.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield issuer
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    issuer: Issuer

    def do_GET(self) -> None:
        """The pages of the issuer."""
        parts = urlsplit(self.path)
        asked = dict(parse_qsl(parts.query, keep_blank_values=True))
        if parts.path == "/jwks.json":
            self._send(200, key_set(public_jwk(RSA_KEYS[0], "one")))
        elif parts.path == "/authorize":
            self._authorize(asked)
        elif parts.path == "/logout":
            self._go(asked["post_logout_redirect_uri"], f"{COOKIE}=; Max-Age=0")
        else:
            self._send(404)

    def do_HEAD(self) -> None:
        """That it is there."""
        self._send(200)

    def do_POST(self) -> None:
        """A form of somebody who signs in, or a grant."""
        form = dict(parse_qsl(self.rfile.read(int(self.headers["content-length"])).decode()))
        if self.path == "/token":
            tokens = self.issuer.granted(form)
            self._send(200 if tokens else 400, json.dumps(tokens or {"error": "invalid_grant"}).encode())
        else:
            self._go(f"/authorize?{form['asked']}", f"{COOKIE}={form['person']}; HttpOnly; SameSite=Lax")

    def _authorize(self, asked: dict[str, str]) -> None:
        issuer = self.issuer
        strict = asked.get("response_type") == "code" and asked.get("code_challenge_method") == "S256" and asked.get("nonce")
        if asked.get("client_id") != CLIENT or asked.get("redirect_uri") not in issuer.redirect_uris or not strict:
            return self._send(400, b"this client, redirect URI or way is not known here")
        person = SimpleCookie(self.headers.get("cookie", "")).get(COOKIE)
        answer = {"state": asked["state"], "iss": issuer.url}
        if person and person.value:
            answer["code"] = issuer.code(person.value, asked)
        elif asked.get("prompt") == "none":
            answer["error"] = "login_required"
        else:
            form = '<form method="post" action="/login"><input name="person"><input type="hidden" name="asked" value="{}">'
            page = form.format(urlencode(asked).replace("&", "&amp;")) + "<button>In</button></form>"
            return self._send(200, page.encode(), "text/html")
        return self._go(f"{asked['redirect_uri']}?{urlencode({**answer, **issuer.says})}")

    def _go(self, address: str, cookie: str = "") -> None:
        self.send_response(303)
        self.send_header("location", address)
        if cookie:
            self.send_header("set-cookie", f"{cookie}; Path=/")
        self.send_header("content-length", "0")
        self.end_headers()

    def _send(self, status: int, body: bytes = b"", kind: str = "application/json") -> None:
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body)))
        self.send_header("access-control-allow-origin", "*")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *_arguments: Any) -> None:
        """Nothing."""
