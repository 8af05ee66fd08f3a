"""The master key in Cloud KMS: the one place that knows its client and its client's errors.

Its client is made at the first call and in a thread, where the calls run, too: there are few, one for each period's key.
"""

import asyncio
from functools import cached_property
from typing import Any, Final

from ion_mentoring.errors import StoreUnavailable

TIMEOUT_S: Final = 5.0


class KmsMasterKey:
    """A key of Cloud KMS, by its full name. The place that is bound goes along as associated data."""

    def __init__(self, key: str, client: Any = None) -> None:
        self._key = key
        self._given = client

    async def wrap(self, data: bytes, at: str) -> bytes:
        """Wrapped under the key's primary version."""
        return await asyncio.to_thread(self._wrap, data, at.encode())

    async def unwrap(self, data: bytes, at: str) -> bytes | None:
        """Unwrapped under the version that wrapped it; None if that one was destroyed, or another key did."""
        return await asyncio.to_thread(self._unwrap, data, at.encode())

    @cached_property
    def _client(self) -> Any:
        from google.cloud.kms_v1 import KeyManagementServiceClient

        return self._given or KeyManagementServiceClient()

    def _wrap(self, data: bytes, at: bytes) -> bytes:
        request = {"name": self._key, "plaintext": data, "additional_authenticated_data": at}
        return bytes(self._asked("encrypt", request).ciphertext)

    def _unwrap(self, data: bytes, at: bytes) -> bytes | None:
        from google.api_core.exceptions import FailedPrecondition, InvalidArgument

        request = {"name": self._key, "ciphertext": data, "additional_authenticated_data": at}
        try:
            return bytes(self._asked("decrypt", request).plaintext)
        except StoreUnavailable as error:
            if isinstance(error.__cause__, FailedPrecondition | InvalidArgument):
                return None
            raise

    def _asked(self, call: str, request: dict[str, Any]) -> Any:
        from google.api_core.exceptions import GoogleAPICallError, RetryError
        from google.auth.exceptions import GoogleAuthError

        try:
            return getattr(self._client, call)(request=request, timeout=TIMEOUT_S, retry=None)
        except (GoogleAPICallError, RetryError, GoogleAuthError) as error:
            raise StoreUnavailable(f"kms: {type(error).__name__}", retry_after_s=1) from error
