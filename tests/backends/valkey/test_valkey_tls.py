"""An encrypted connection is made only to a server whose certificate is vouched for and is of its name."""

import asyncio
import ssl
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, suppress
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from ion_mentoring.backends.valkey.address import ServerAddress
from ion_mentoring.backends.valkey.credentials import IamCredentials
from ion_mentoring.backends.valkey.endpoint import Discovered, Endpoint
from ion_mentoring.backends.valkey.valkey_client import ValkeyConnection
from ion_mentoring.errors import CacheUnavailable
from tests.vendors import memorystore_api as api

Connect = Callable[..., ValkeyConnection]

NAME = "localhost"
ADDRESS = "127.0.0.1"

Certify = Callable[..., tuple[Path, Path]]
Encrypted = Callable[..., Any]


@pytest.fixture
def certify(tmp_path: Path) -> Certify:
    """Makes a certificate that vouches for itself, and its key."""

    def certificate(*names: x509.GeneralName) -> tuple[Path, Path]:
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
        now = datetime.now(UTC)
        made = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=1))
            .add_extension(x509.SubjectAlternativeName(names), critical=False)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .sign(key, hashes.SHA256())
        )
        pem, key_pem = tmp_path / "server.pem", tmp_path / "server.key"
        pem.write_bytes(made.public_bytes(serialization.Encoding.PEM))
        plain = serialization.NoEncryption()
        key_pem.write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain))
        return pem, key_pem

    return certificate


@pytest.fixture
async def encrypted(valkey_port: int) -> AsyncIterator[Encrypted]:
    """Starts proxies that speak TLS before a server which cannot, the shared one if not said; gives their ports."""
    async with AsyncExitStack() as running:

        async def start(certificate: tuple[Path, Path], to_port: int = valkey_port) -> int:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*certificate)
            passing: set[asyncio.Task[None]] = set()

            async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
                inner_reader, inner_writer = await asyncio.open_connection(ADDRESS, to_port)
                passing.add(asyncio.create_task(copy(reader, inner_writer)))
                passing.add(asyncio.create_task(copy(inner_reader, writer)))

            server = await asyncio.start_server(serve, ADDRESS, 0, ssl=context)

            async def stop() -> None:
                server.close()
                for task in passing:
                    task.cancel()
                await asyncio.gather(*passing, return_exceptions=True)
                await server.wait_closed()

            running.push_async_callback(stop)
            return int(server.sockets[0].getsockname()[1])

        yield start


async def copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        with suppress(OSError):
            while data := await reader.read(65_536):
                writer.write(data)
                await writer.drain()
    finally:
        writer.close()


async def test_a_server_that_is_vouched_for_and_of_its_name_is_used(
    connect: Connect, certify: Certify, encrypted: Encrypted
) -> None:
    certificate = certify(x509.DNSName(NAME))
    port = await encrypted(certificate)
    for scheme in ("rediss", "valkeys"):
        connection = connect(f"{scheme}://{NAME}:{port}", ca_pem=certificate[0].read_text())
        await connection.set("k", b"v" * 100_000, ttl_ms=60_000)
        assert await connection.get("k") == b"v" * 100_000
        await connection.close()


@pytest.mark.parametrize("cluster", ["", "?cluster=true"], ids=["one", "cluster"])
async def test_a_server_of_another_name_is_not_spoken_to(
    connect: Connect, certify: Certify, encrypted: Encrypted, cluster: str
) -> None:
    certificate = certify(x509.DNSName("elsewhere.invalid"))
    port = await encrypted(certificate)
    connection = connect(f"rediss://{ADDRESS}:{port}{cluster}", ca_pem=certificate[0].read_text())
    with pytest.raises(CacheUnavailable) as raised:
        await connection.get("k")
    assert "IP address mismatch" in causes(raised.value)
    await connection.close()


async def test_a_server_that_nobody_vouches_for_is_not_spoken_to(
    connect: Connect, certify: Certify, encrypted: Encrypted
) -> None:
    port = await encrypted(certify(x509.DNSName(NAME)))
    connection = connect(f"rediss://{NAME}:{port}")
    with pytest.raises(CacheUnavailable) as raised:
        await connection.get("k")
    assert "self-signed certificate" in causes(raised.value)
    await connection.close()


async def test_a_server_without_tls_is_not_spoken_to_in_the_clear(connect: Connect, valkey_port: int) -> None:
    with pytest.raises(CacheUnavailable):
        await connect(f"rediss://{NAME}:{valkey_port}", timeout_s=0.2).get("k")


@pytest.mark.slow
async def test_a_cluster_is_spoken_to_over_tls_from_its_first_node_to_all_others(
    connect: Connect, certify: Certify, encrypted: Encrypted, breakable: Callable[..., Any]
) -> None:
    server = breakable(**{"cluster-enabled": "yes"})
    certificate = certify(x509.IPAddress(ip_address(ADDRESS)))
    port = await encrypted(certificate, server.port)
    server.ask("CONFIG", "SET", "cluster-announce-port", str(port))  # so that the nodes that it names are behind TLS, too
    server.ask("CLUSTER", "ADDSLOTSRANGE", "0", "16383")
    await server.serves_as_cluster()
    connection = connect(f"rediss://{ADDRESS}:{port}?cluster=true", ca_pem=certificate[0].read_text())
    for key in "ab":
        await connection.set(key, key.encode(), ttl_ms=60_000)
    assert await connection.get_many("ab") == [b"a", b"b"]
    await connection.close()


def causes(error: BaseException | None) -> str:
    said: list[Any] = []
    while error:
        said.append(error)
        error = error.__cause__ or error.__context__
    return " <- ".join(str(one) for one in said)


async def test_an_instance_is_found_by_its_name_trusted_by_its_authority_and_told_who_we_are(
    certify: Certify, encrypted: Encrypted, breakable: Callable[..., Any]
) -> None:
    pytest.importorskip("google.cloud.memorystore_v1", reason="PACKAGE MISSING: google-cloud-memorystore is not installed")
    from ion_mentoring.backends.valkey.discovery import discover

    async def token() -> str:
        return api.TOKEN

    certificate = certify(x509.IPAddress(ip_address(ADDRESS)))
    server = breakable()
    server.ask("CONFIG", "SET", "requirepass", api.TOKEN)
    port = await encrypted(certificate, server.port)
    async with api.MemorystoreApi() as memorystore:
        primary = api.connection(ADDRESS, api.PRIMARY, port=port)
        memorystore.has(api.instance(primary, mode=api.CLUSTER_DISABLED), [certificate[0].read_text()])
        where = Discovered(lambda said: discover(api.NAME, said, api=memorystore.url), token, time.monotonic, print)
        connection = ValkeyConnection(where, IamCredentials(token), timeout_s=10)
        await connection.set("k", b"value", ttl_ms=60_000)
        assert await connection.get("k") == b"value"
        assert len(memorystore.requests) == 2
        await connection.close()


async def test_who_cannot_be_reached_any_more_is_looked_for_again(breakable: Callable[..., Any]) -> None:
    first, second = breakable(), breakable()
    ports, now = iter((first.port, second.port)), [0.0]

    async def token() -> str:
        return "token"

    where = Discovered(lambda _: Endpoint(ServerAddress(ADDRESS, next(ports))), token, lambda: now[0], print)
    connection = ValkeyConnection(where, timeout_s=2)
    await connection.set("k", b"first", ttl_ms=60_000)
    first.kill()
    for _ in range(2):
        with pytest.raises(CacheUnavailable):
            await connection.get("k")
        now[0] += 60.0
    assert await connection.get("k") is None
    assert second.ask("DBSIZE") == 0
    await connection.close()
