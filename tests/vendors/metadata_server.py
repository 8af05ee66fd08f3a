"""A stand-in for the platform's metadata server: tokens of a service account, of which each is another."""

import base64
import json
from collections.abc import Callable, Mapping
from typing import ClassVar, Final
from urllib.parse import parse_qs

from tests.vendors.documents import Documents
from tests.vendors.plan import Plan, Request
from tests.vendors.server import Script

ACCOUNT: Final = "/computeMetadata/v1/instance/service-accounts/default/"


class MetadataServer(Documents):
    """Gives tokens that end `lasts_s` seconds after `now`; `host` is what GCE_METADATA_HOST would say."""

    headers: ClassVar[Mapping[str, str]] = {"metadata-flavor": "Google"}

    def __init__(self, now: Callable[[], float], script: Script = lambda request: Plan(), *, lasts_s: int = 3600) -> None:
        super().__init__(script)
        self._now = now
        self.lasts_s = lasts_s

    @property
    def host(self) -> str:
        return self.url.removeprefix("http://")

    def refusal(self, request: Request) -> Plan | None:
        return None if request.headers.get("metadata-flavor") == "Google" else Plan(status=403)

    def document(self, request: Request) -> bytes | None:
        if request.method != "GET" or not request.path.startswith(ACCOUNT):
            return None
        match request.path.removeprefix(ACCOUNT), parse_qs(request.query):
            case "token", {}:
                return self._access_token()
            case "identity", {"audience": [audience]}:
                return self._identity_token(audience)
        return None

    def _access_token(self) -> bytes:
        token = f"ya29.c.access-{len(self.requests)}"
        return json.dumps({"access_token": token, "expires_in": self.lasts_s, "token_type": "Bearer"}).encode()

    def _identity_token(self, audience: str) -> bytes:
        claims = {"aud": audience, "exp": self._now() + self.lasts_s, "iat": self._now()}
        payload = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
        return f"head.{payload}.signature{len(self.requests)}\n".encode()
