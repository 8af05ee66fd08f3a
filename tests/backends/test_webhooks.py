"""A webhook goes to public addresses alone, signed, and to nobody else whatever its name leads to."""

import asyncio
import hashlib
import hmac
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from ipaddress import ip_address

import httpx2
import pytest

from ion_mentoring.backends.webhooks import Address, Receivers, WebhookClient, local, public
from ion_mentoring.errors import ValidationFailed, WebhookFailed
from ion_mentoring.sealing.webhooks import secrets_of

NEW, OLD = "n" * 32, "o" * 32


@dataclass
class Receiver:
    """A real receiver: keeps what it got, and answers with a status."""

    status: str = "204 No Content"
    headers: str = ""
    heads: list[str] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    port: int = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        length = int(next(line for line in head.lower().split("\r\n") if line.startswith("content-length")).split(":")[1])
        self.heads.append(head)
        self.bodies.append(await reader.readexactly(length))
        writer.write(f"HTTP/1.1 {self.status}\r\n{self.headers}content-length: 0\r\n\r\n".encode())
        writer.close()


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    made = Receiver()
    server = await asyncio.start_server(made.serve, "127.0.0.1", 0)
    made.port = server.sockets[0].getsockname()[1]
    yield made
    server.close()
    await server.wait_closed()


Resolve = Callable[[str, int], Awaitable[Sequence[Address]]]


def to(*answers: Sequence[str]) -> Resolve:
    """A name service that gives one answer after the other, the last one for ever."""
    left = list(answers)

    async def resolve(_host: str, _port: int) -> list[Address]:
        found = left.pop(0) if len(left) > 1 else left[0]
        return [ip_address(one) for one in found]

    return resolve


@pytest.fixture
async def client() -> AsyncIterator[httpx2.AsyncClient]:
    async with httpx2.AsyncClient(trust_env=False) as made:
        yield made


def webhook(client: httpx2.AsyncClient, resolve: Resolve, receivers: Receivers) -> WebhookClient:
    return WebhookClient(client, receivers, resolve, (NEW, OLD), lambda: 1_700_000_000.9)


async def test_an_event_arrives_signed_under_each_secret_of_its_owner(receiver: Receiver, client: httpx2.AsyncClient) -> None:
    call = webhook(client, to(["127.0.0.1"]), Receivers(local, plain=True))
    url = f"http://hooks.example.com:{receiver.port}/a?b=c"
    await call(url, b'{"event": 1}', event_id="e-1", owner="default/key:acme")
    (head,), (body,) = receiver.heads, receiver.bodies
    fields = dict(line.split(": ", 1) for line in head.strip().split("\r\n")[1:])
    assert head.startswith("POST /a?b=c HTTP/1.1")
    assert fields["host"] == f"hooks.example.com:{receiver.port}"
    assert fields["x-ion-event-id"] == "e-1"
    secrets = secrets_of((NEW, OLD), "default/key:acme")
    made = [hmac.new(one.encode(), b"1700000000." + body, hashlib.sha256).hexdigest() for one in secrets]
    assert fields["x-ion-signature"] == f"t=1700000000,v1={made[0]},v1={made[1]}"


def test_secrets_are_each_owners_own() -> None:
    assert len({*secrets_of((NEW, OLD), "a/b"), *secrets_of((NEW, OLD), "a/c")}) == 4
    assert secrets_of((NEW,), "a/b")[0] == secrets_of((NEW, OLD), "a/b")[0]


async def test_a_name_that_leads_inside_is_not_called(receiver: Receiver, client: httpx2.AsyncClient) -> None:
    for inside in (["127.0.0.1"], ["10.1.2.3"], ["169.254.169.254"], ["93.184.216.34", "127.0.0.1"], ["::ffff:127.0.0.1"], []):
        call = webhook(client, to(inside), Receivers(public, plain=True))
        with pytest.raises(WebhookFailed, match="may not be called"):
            await call(f"http://rebound.example.com:{receiver.port}/", b"{}", event_id="e", owner="o")
    assert receiver.heads == []


async def test_a_name_that_leads_elsewhere_a_moment_later_is_asked_once(receiver: Receiver, client: httpx2.AsyncClient) -> None:
    """It is public when it is looked at, and inside for whoever would resolve it again."""
    asked: list[str] = []
    rebinding = to(["127.0.0.1"], ["10.0.0.1"])

    async def resolve(host: str, port: int) -> Sequence[Address]:
        asked.append(host)
        return await rebinding(host, port)

    call = webhook(client, resolve, Receivers(local, plain=True))
    await call(f"http://rebound.example.com:{receiver.port}/", b"{}", event_id="e", owner="o")
    assert asked == ["rebound.example.com"]
    assert len(receiver.heads) == 1


async def test_a_redirect_and_an_error_are_no_success(receiver: Receiver, client: httpx2.AsyncClient) -> None:
    call = webhook(client, to(["127.0.0.1"]), Receivers(local, plain=True))
    for status in ("302 Found", "301 Moved Permanently", "500 Oh", "404 Not Found"):
        receiver.status, receiver.headers = status, f"location: http://127.0.0.1:{receiver.port}/inside\r\n"
        with pytest.raises(WebhookFailed, match=f"answered {status[:3]}"):
            await call(f"http://hooks.example.com:{receiver.port}/", b"{}", event_id="e", owner="o")
    assert len(receiver.heads) == 4, "nobody followed"


async def test_a_receiver_that_is_not_there_has_failed(client: httpx2.AsyncClient) -> None:
    call = webhook(client, to(["127.0.0.1"]), Receivers(local, plain=True))
    with pytest.raises(WebhookFailed, match="was not reached"):
        await call("http://hooks.example.com:1/", b"{}", event_id="e", owner="o")
    with pytest.raises(WebhookFailed, match="may not be called"):
        await call("ftp://hooks.example.com/", b"{}", event_id="e", owner="o")


@pytest.mark.parametrize(
    ("address", "is_public"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1::1", True),
        *(
            (inside, False)
            for inside in (
                *("127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0"),
                *("224.0.0.1", "255.255.255.255", "240.0.0.1", "192.0.2.1", "198.18.0.1"),
                *("::1", "::", "fe80::1", "fd00::1", "ff02::1", "fd20:ce::254", "::ffff:10.0.0.1"),
                *("64:ff9b::a9fe:a9fe", "64:ff9b::7f00:1", "2002:7f00:1::", "2002:a9fe:a9fe::"),
            )
        ),
    ],
)
def test_an_address_is_public_or_not(address: str, is_public: bool) -> None:
    assert public(ip_address(address)) is is_public


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/",
        "ftp://example.com/",
        "https://",
        "https://[::1",
        "https://example.com:99999/",
        "https://user@example.com/",
        "https://metadata.google.internal/",
        "https://METADATA.google.internal./",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://[fe80::1%25eth0]/",
    ],
)
def test_what_can_be_told_from_the_url_is_refused_at_once(url: str) -> None:
    with pytest.raises(ValidationFailed) as refused:
        Receivers(public).check(url)
    assert refused.value.field == "webhook_url"
