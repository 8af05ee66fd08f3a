"""An issuer of tokens on loopback, which signs, rotates its keys, hangs, drips, lies, redirects, and sends far too much."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm

Private = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey

RSA_KEYS = tuple(rsa.generate_private_key(65537, 2048) for _ in range(2))
P256 = ec.generate_private_key(ec.SECP256R1())
EDWARDS = ed25519.Ed25519PrivateKey.generate()
_KINDS: dict[type, Any] = {
    rsa.RSAPrivateKey: ("RS256", RSAAlgorithm),
    ec.EllipticCurvePrivateKey: ("ES256", ECAlgorithm),
    ed25519.Ed25519PrivateKey: ("EdDSA", OKPAlgorithm),
}


def algorithm_of(private: Private) -> str:
    return next(algorithm for kind, (algorithm, _) in _KINDS.items() if isinstance(private, kind))


def public_jwk(private: Private, kid: str | None = None, **changed: Any) -> dict[str, Any]:
    """The key as an issuer publishes it; a change to ... takes a member away."""
    kind = next(kind for kind in _KINDS if isinstance(private, kind))
    algorithm, maker = _KINDS[kind]
    listed = {**maker.to_jwk(private.public_key(), as_dict=True), "alg": algorithm, "use": "sig"}
    listed.pop("key_ops", None)
    listed = {**listed, **({"kid": kid} if kid else {}), **changed}
    return {name: value for name, value in listed.items() if value is not ...}


def key_set(*keys: dict[str, Any]) -> bytes:
    return json.dumps({"keys": keys}).encode()


class IssuerServer:
    """An issuer whose tokens are signed by the key of a name; `answer` is all that it sends, if that is not its keys."""

    audience = "ion"

    def __init__(self) -> None:
        self.keys: dict[str, Private] = {"one": RSA_KEYS[0]}
        self.answer: bytes | None = None
        self.hangs = False
        self.drips = False
        self.fetches = 0
        self.asked = asyncio.Event()
        self.url = ""

    @property
    def name(self) -> str:
        return self.url

    @property
    def jwks_url(self) -> str:
        return f"{self.url}/jwks.json"

    def token(self, kid: str = "one", private: Private | None = None, *, now: float | None = None, **changed: Any) -> str:
        at = int(now or time.time())
        claims = {"sub": "kim", "iss": self.name, "aud": self.audience, "iat": at, "exp": at + 600, **changed}
        key = private or self.keys[kid]
        return jwt.encode(claims, key, algorithm_of(key), headers={"kid": kid})

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await reader.readuntil(b"\r\n\r\n")
            self.fetches += 1
            self.asked.set()
            if self.hangs:
                await asyncio.sleep(30)
            answer = self.answer or ok(key_set(*(public_jwk(key, kid) for kid, key in self.keys.items())))
            for place in range(0, len(answer), 1 if self.drips else 65_536):
                writer.write(answer[place : place + (1 if self.drips else 65_536)])
                await writer.drain()
                await asyncio.sleep(0.05 if self.drips else 0)
        except (ConnectionError, asyncio.IncompleteReadError):
            return
        finally:
            writer.close()


def ok(body: bytes, *more: str) -> bytes:
    """A whole answer; `more` are further header fields."""
    head = ["HTTP/1.1 200 OK", "content-type: application/json", f"content-length: {len(body)}", "connection: close", *more]
    return "\r\n".join([*head, "", ""]).encode() + body


@asynccontextmanager
async def issuing() -> AsyncIterator[IssuerServer]:
    """An issuer that listens."""
    issuer, answering = IssuerServer(), set[asyncio.Task[None]]()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        answering.add(task)
        await issuer.serve(reader, writer)

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    issuer.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield issuer
    finally:
        server.close()
        for task in answering:
            task.cancel()
        await asyncio.gather(*answering, return_exceptions=True)
