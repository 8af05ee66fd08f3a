"""An instance's name leads to its endpoint: the real client asks a stand-in of Memorystore's API over a real socket."""

import asyncio
import ssl
import time
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from ion_mentoring.backends.valkey.address import ServerAddress
from ion_mentoring.backends.valkey.endpoint import Endpoint
from ion_mentoring.errors import CacheUnavailable, MentoringError, SettingsInvalid
from tests.vendors import memorystore_api as api
from tests.vendors.memorystore_api import NAME, TOKEN, MemorystoreApi, connection, instance
from tests.vendors.plan import Plan

pytest.importorskip("google.cloud.memorystore_v1", reason="PACKAGE MISSING: google-cloud-memorystore is not installed")

Discover = Callable[..., Any]

HERE = connection("10.1.2.3", api.DISCOVERY)
GARBAGE = [b"", b"<html>", b"\xff\xfe", b"[]", b"null", b'"x"', b"3", b"[" * 5_000, b'{"endpoints": "x"}']


@pytest.fixture
async def memorystore() -> AsyncIterator[MemorystoreApi]:
    async with MemorystoreApi() as server:
        yield server


@pytest.fixture
def discover(memorystore: MemorystoreApi) -> Discover:
    from ion_mentoring.backends.valkey.discovery import discover

    async def found(name: str = NAME, token: str = TOKEN, *, timeout_s: float = 2.0) -> Endpoint:
        return await asyncio.to_thread(discover, name, token, api=memorystore.url, timeout_s=timeout_s)

    return found


@cache
def authority(name: str) -> str:
    """A certificate that vouches for itself."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key())
    dated = made.serial_number(1).not_valid_before(now).not_valid_after(now + timedelta(days=1))
    signed = dated.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True).sign(key, hashes.SHA256())
    return signed.public_bytes(serialization.Encoding.PEM).decode()


async def failure(discover: Discover, kind: type[MentoringError], **arguments: Any) -> str:
    with pytest.raises(kind) as raised:
        await discover(**arguments)
    assert type(raised.value) is kind
    assert TOKEN not in str(raised.value)
    return str(raised.value)


async def test_a_cluster_is_found_where_it_tells_its_nodes(memorystore: MemorystoreApi, discover: Discover) -> None:
    nodes = connection("10.1.2.4", api.DATA)
    memorystore.has(instance(nodes, connection("10.1.2.3", api.DISCOVERY, port=6380)), [authority("a")])
    address = ServerAddress("10.1.2.3", 6380, encrypted=True, clustered=True)
    assert await discover() == Endpoint(address, authority("a").strip(), iam=True)
    assert [request.path for request in memorystore.requests] == [f"/v1/{NAME}", f"/v1/{NAME}/certificateAuthority"]


@pytest.mark.parametrize("mode", [api.CLUSTER_DISABLED, api.STANDALONE])
async def test_an_instance_that_is_no_cluster_is_found_where_it_can_be_written(
    memorystore: MemorystoreApi, discover: Discover, mode: int
) -> None:
    ends = connection("10.1.2.5", api.READER), connection("10.1.2.6", api.PRIMARY), HERE
    memorystore.has(instance(*ends, mode=mode), [authority("a")])
    assert (await discover()).address == ServerAddress("10.1.2.6", 6379, encrypted=True, clustered=False)


async def test_an_instance_without_encryption_and_passwords_is_spoken_to_in_the_clear(
    memorystore: MemorystoreApi, discover: Discover
) -> None:
    memorystore.has(instance(HERE, transitEncryptionMode=api.PLAIN, authorizationMode=api.NO_AUTH))
    address = ServerAddress("10.1.2.3", encrypted=False, clustered=True)
    assert await discover() == Endpoint(address, None, iam=False)
    assert len(memorystore.requests) == 1


async def test_an_encrypted_instance_may_ask_for_no_token(memorystore: MemorystoreApi, discover: Discover) -> None:
    memorystore.has(instance(HERE, authorizationMode=api.NO_AUTH), [authority("a")])
    found = await discover()
    assert found.address.encrypted
    assert not found.iam


async def test_a_connection_that_is_gone_is_passed_over_and_one_made_by_hand_is_not(
    memorystore: MemorystoreApi, discover: Discover
) -> None:
    gone, unborn = connection("10.9.9.9", api.DISCOVERY, status=2), connection("", api.DISCOVERY)
    by_hand = connection("10.1.2.7", api.DISCOVERY, made="pscConnection")
    memorystore.has(instance(gone, unborn, by_hand), [authority("a")])
    assert (await discover()).address.host == "10.1.2.7"


async def test_all_certificates_of_an_authority_vouch_while_they_are_rotated(
    memorystore: MemorystoreApi, discover: Discover
) -> None:
    memorystore.has(instance(HERE), [authority("old"), authority("root")], [authority("new"), authority("root")])
    pem = (await discover()).ca_pem
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(cadata=pem)
    names = {dict(part[0] for part in certificate["subject"])["commonName"] for certificate in context.get_ca_certs()}
    assert names == {"old", "new", "root"}
    assert pem.count("BEGIN CERTIFICATE") == 3


async def test_the_authority_may_be_that_of_the_region(memorystore: MemorystoreApi, discover: Discover) -> None:
    memorystore.has(instance(HERE, serverCaMode=api.SHARED_CA), [authority("of all")], shared=True)
    assert (await discover()).ca_pem == authority("of all").strip()


@pytest.mark.parametrize(("state", "name"), [(api.CREATING, "CREATING"), (api.DELETING, "DELETING")])
async def test_an_instance_that_does_not_serve_is_not_there(
    memorystore: MemorystoreApi, discover: Discover, state: int, name: str
) -> None:
    memorystore.has(instance(HERE, state=state), [authority("a")])
    assert name in await failure(discover, CacheUnavailable)


@pytest.mark.filterwarnings("ignore:Unrecognized")  # how the client tells of a value that is newer than it
@pytest.mark.parametrize("state", [api.UPDATING, 99])
async def test_an_instance_that_is_changed_serves_on(memorystore: MemorystoreApi, discover: Discover, state: int) -> None:
    memorystore.has(instance(HERE, state=state), [authority("a")])
    assert (await discover()).address.host == "10.1.2.3"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "no endpoint to discover"),
        ({"endpoints": []}, "no endpoint to discover"),
        ({"mode": api.CLUSTER_DISABLED}, "no endpoint to write to"),
    ],
)
async def test_an_instance_without_endpoints_is_not_there(
    memorystore: MemorystoreApi, discover: Discover, fields: dict[str, Any], said: str
) -> None:
    memorystore.has(instance(connection("10.1.2.5", api.READER), **fields), [authority("a")])
    assert said in await failure(discover, CacheUnavailable)


@pytest.mark.parametrize("chains", [[], [[]], [["no certificate"]], [["-----BEGIN CERTIFICATE-----\nAA==\n"]], [["인증서"]]])
async def test_an_encrypted_instance_that_nobody_vouches_for_is_not_used(
    memorystore: MemorystoreApi, discover: Discover, chains: list[list[str]]
) -> None:
    memorystore.has(instance(HERE), *chains)
    assert "no certificates" in await failure(discover, CacheUnavailable)


@pytest.mark.filterwarnings("ignore:Unrecognized")  # how the client tells of a value that is newer than it
@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"authorizationMode": api.TOKEN_AUTH}, "a secret of its own"),
        ({"authorizationMode": 99}, "a secret of its own"),
        ({"transitEncryptionMode": api.PLAIN}, "in the clear"),
    ],
)
async def test_an_instance_that_wants_what_we_do_not_give_has_to_be_made_anew(
    memorystore: MemorystoreApi, discover: Discover, fields: dict[str, Any], said: str
) -> None:
    memorystore.has(instance(HERE, **fields), [authority("a")])
    assert said in await failure(discover, SettingsInvalid)


async def test_an_instance_that_is_not_there_has_to_be_named_otherwise(discover: Discover) -> None:
    assert "no such instance" in await failure(discover, SettingsInvalid)


@pytest.mark.parametrize(
    "name", ["", "answers", "projects/p/locations/r/clusters/c", "redis://10.0.0.1", f"{NAME}/", f"{NAME}\n"]
)
async def test_what_is_no_name_is_not_asked_for(memorystore: MemorystoreApi, discover: Discover, name: str) -> None:
    assert "is no projects/" in await failure(discover, SettingsInvalid, name=name)
    assert memorystore.requests == []


@pytest.mark.parametrize("what", ["instance", "authority"])
async def test_missing_rights_have_to_be_granted(memorystore: MemorystoreApi, discover: Discover, what: str) -> None:
    memorystore.has(instance(HERE), [authority("a")])
    memorystore.script = lambda request: Plan(
        status=403 if request.path.endswith("Authority") == (what == "authority") else 200
    )
    assert "may not be looked at" in await failure(discover, SettingsInvalid)


async def test_a_name_that_the_api_does_not_take_has_to_be_put_right(memorystore: MemorystoreApi, discover: Discover) -> None:
    memorystore.script = lambda request: Plan(status=400)
    assert "is no name" in await failure(discover, SettingsInvalid)


async def test_a_token_that_is_not_taken_is_tried_again_later(memorystore: MemorystoreApi, discover: Discover) -> None:
    memorystore.has(instance(HERE), [authority("a")])
    assert "RefreshError" in await failure(discover, CacheUnavailable, token="of somebody else")


@pytest.mark.parametrize("trouble", [Plan(status=500), Plan(status=503), Plan(status=429), Plan(raw=b"")])
async def test_passing_trouble_passes_within_the_time(memorystore: MemorystoreApi, discover: Discover, trouble: Plan) -> None:
    memorystore.has(instance(HERE), [authority("a")])
    memorystore.script = lambda request: trouble if len(memorystore.requests) in (1, 3) else Plan()
    assert (await discover()).address.host == "10.1.2.3"
    assert len(memorystore.requests) == 4


@pytest.mark.parametrize("trouble", [Plan(status=503), Plan(raw=b""), Plan(silent=True)], ids=["error", "cut", "silent"])
async def test_trouble_that_lasts_is_given_up_in_time(memorystore: MemorystoreApi, discover: Discover, trouble: Plan) -> None:
    memorystore.script = lambda request: trouble
    started = time.monotonic()
    assert "Memorystore's API: " in await failure(discover, CacheUnavailable, timeout_s=0.2)
    assert time.monotonic() - started < 2


async def test_a_slow_answer_is_waited_for(memorystore: MemorystoreApi, discover: Discover) -> None:
    memorystore.has(instance(HERE), [authority("a")])
    memorystore.script = lambda request: Plan(slice_bytes=200, slice_s=0.01)
    assert (await discover()).address.host == "10.1.2.3"


@pytest.mark.parametrize("status", [200, 500])
@pytest.mark.parametrize("body", GARBAGE)
async def test_an_answer_of_something_else_is_no_instance(
    memorystore: MemorystoreApi, discover: Discover, status: int, body: bytes
) -> None:
    memorystore.script = lambda request: Plan(status=status, body=body)
    await failure(discover, CacheUnavailable, timeout_s=0.2)
