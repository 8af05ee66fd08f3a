"""The master key in Cloud KMS, over gRPC as Google's client speaks it; the server here keeps versions as KMS does."""

import os
from collections.abc import Iterator
from concurrent import futures
from dataclasses import dataclass, field

import grpc
import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from google.auth.credentials import AnonymousCredentials
from google.cloud import kms_v1
from google.cloud.kms_v1.services.key_management_service.transports import KeyManagementServiceGrpcTransport

from ion_mentoring.backends.kms import KmsMasterKey
from ion_mentoring.errors import StoreUnavailable

KEY = "projects/p/locations/us/keyRings/ion/cryptoKeys/words"


@dataclass
class Kms:
    """Versions of one key by number; the highest is the primary one."""

    versions: dict[int, bytes] = field(default_factory=lambda: {1: os.urandom(32)})
    down: bool = False

    def encrypt(self, request: kms_v1.EncryptRequest, context: grpc.ServicerContext) -> kms_v1.EncryptResponse:
        self._check(request.name, context)
        number, nonce = max(self.versions), os.urandom(12)
        sealed = AESGCM(self.versions[number]).encrypt(nonce, request.plaintext, request.additional_authenticated_data)
        return kms_v1.EncryptResponse(ciphertext=bytes([number]) + nonce + sealed)

    def decrypt(self, request: kms_v1.DecryptRequest, context: grpc.ServicerContext) -> kms_v1.DecryptResponse:
        self._check(request.name, context)
        number, nonce, sealed = request.ciphertext[0], request.ciphertext[1:13], request.ciphertext[13:]
        if number not in self.versions:
            context.abort(grpc.StatusCode.FAILED_PRECONDITION, "DESTROYED")
        try:
            plain = AESGCM(self.versions[number]).decrypt(nonce, sealed, request.additional_authenticated_data)
        except InvalidTag:
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, "Decryption failed")
        return kms_v1.DecryptResponse(plaintext=plain)

    def _check(self, name: str, context: grpc.ServicerContext) -> None:
        if self.down:
            context.abort(grpc.StatusCode.UNAVAILABLE, "down")
        assert name == KEY


@pytest.fixture
def kms() -> Iterator[tuple[Kms, KmsMasterKey]]:
    kept = Kms()
    calls = {
        "Encrypt": (kept.encrypt, kms_v1.EncryptRequest, kms_v1.EncryptResponse),
        "Decrypt": (kept.decrypt, kms_v1.DecryptRequest, kms_v1.DecryptResponse),
    }
    handlers = {
        name: grpc.unary_unary_rpc_method_handler(
            run, request_deserializer=taken.deserialize, response_serializer=given.serialize
        )
        for name, (run, taken, given) in calls.items()
    }
    server = grpc.server(futures.ThreadPoolExecutor(2))
    server.add_generic_rpc_handlers(
        (grpc.method_handlers_generic_handler("google.cloud.kms.v1.KeyManagementService", handlers),)
    )
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    channel = grpc.insecure_channel(f"127.0.0.1:{port}")
    transport = KeyManagementServiceGrpcTransport(channel=channel, credentials=AnonymousCredentials())
    yield kept, KmsMasterKey(KEY, kms_v1.KeyManagementServiceClient(transport=transport))
    channel.close()
    server.stop(None).wait()


async def test_keys_come_back_at_their_place_also_after_a_rotation_and_not_once_their_version_is_destroyed(
    kms: tuple[Kms, KmsMasterKey],
) -> None:
    kept, master = kms
    old = await master.wrap(b"keys", "2026-W48")
    kept.versions[2] = os.urandom(32)
    new = await master.wrap(b"keys", "2026-W48")
    assert [await master.unwrap(one, "2026-W48") for one in (old, new)] == [b"keys", b"keys"]
    assert await master.unwrap(new, "2026-W49") is None
    del kept.versions[1]
    assert [await master.unwrap(one, "2026-W48") for one in (old, new)] == [None, b"keys"]


async def test_a_kms_that_is_down_is_a_store_that_does_not_answer(kms: tuple[Kms, KmsMasterKey]) -> None:
    kept, master = kms
    wrapped = await master.wrap(b"keys", "p")
    kept.down = True
    with pytest.raises(StoreUnavailable, match="kms: ServiceUnavailable"):
        await master.unwrap(wrapped, "p")
    with pytest.raises(StoreUnavailable, match="kms: ServiceUnavailable"):
        await master.wrap(b"keys", "p")
