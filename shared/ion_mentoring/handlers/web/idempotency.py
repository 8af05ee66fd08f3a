"""Requests with an Idempotency-Key (IETF draft-ietf-httpapi-idempotency-key-header): what was answered is answered again."""

import re
import zlib
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Final

from msgspec import Struct, structs
from starlette.responses import Response

from ion_mentoring.caching.entry import Entry
from ion_mentoring.errors import Conflict, InProgress, StoreUnavailable, ValidationFailed
from ion_mentoring.handlers.web.attempt import Attempt, Kept
from ion_mentoring.handlers.web.bodies import Body
from ion_mentoring.handlers.web.call import Call
from ion_mentoring.handlers.web.responses import json_bytes
from ion_mentoring.records.idempotency.key import IdempotencyKey
from ion_mentoring.records.idempotency.protocol import Claim, Record, Records
from ion_mentoring.telemetry.events import EventLog

if TYPE_CHECKING:  # who gets no such key does not pay for importing what seals answers
    from ion_mentoring.caching.envelope import Envelopes

FIELD: Final = "Idempotency-Key"
LONGEST: Final = 255  # characters
REPLAYED: Final = "idempotency-replayed"
HELD: Final = timedelta(seconds=6)  # how long the death of whoever answers holds the next one up
COME_BACK_S: Final = 2.0
LARGEST: Final = 900_000  # bytes, sealed: a document of Firestore holds 1 MiB

# As a string of structured fields (RFC 9651, 3.3.3), as the draft has it, or bare, as most clients send it.
_QUOTED: Final = re.compile(r'"((?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])*)"')
_BARE: Final = re.compile(r"[\x21\x23-\x7e][\x20-\x7e]*")


class Idempotency(Struct, frozen=True):
    """Attempts at requests. `envelopes` makes what seals an answer of a secret, `now` has a time zone, `erased` tells when one
    of those whom a call is about was erased last (Unix seconds): what was answered before is answered anew."""

    records: Records
    envelopes: "Callable[[bytes], Envelopes]"
    log: EventLog
    now: Callable[[], datetime]
    new_id: Callable[[], str]
    erased: Callable[[Call], Awaitable[float]]

    def attempt(self, call: Call) -> Attempt:
        """The attempt that a call is; ValidationFailed if its key is none. Of what may not be kept, each is the first."""
        sent = call.request.header(FIELD.lower().encode())
        if sent is None or (isinstance(call.body, Body) and not call.body.kept):
            return Attempt()
        request = b"\0".join((call.request.path.encode("utf-8", "surrogatepass"), call.sent))
        key = partial(IdempotencyKey.of, key=key_of(sent), request=request)
        return Kept(KeyedRequest(self, key, call.caller.id, key(call.caller.id), partial(self.erased, call)))

    async def once(self, call: Call, run: Callable[[Call], Awaitable[Response]]) -> Response:
        """The response of an endpoint in JSON, or the one it has answered under the same key."""
        async with self.attempt(call) as attempt:
            if attempt.answered is not None:
                return replayed(json_bytes(attempt.answered))
            response = await run(structs.replace(call, entry=attempt.entry))
            await attempt.keep(bytes(response.body))
            return response


class KeyedRequest(Struct):
    """One request under its key, and under another one from the erasure of a person whom it is about."""

    by: Idempotency
    named: Callable[[str], IdempotencyKey]
    caller: str
    key: IdempotencyKey
    erased: Callable[[], Awaitable[float]]

    async def claimed(self) -> Claim | bytes:
        """The right to answer, or the answer; Conflict for another body, InProgress while somebody else is at it."""
        standing = await self.by.records.claim(self.key.name, Record(self.key.fingerprint, self.by.new_id(), self._until()))
        if isinstance(standing, Claim):
            return standing
        if standing.answer is not None and standing.held_until.timestamp() <= (erased := await self.erased()):
            self.key = self.named(f"{self.caller} since {erased}")
            return await self.claimed()
        if standing.fingerprint != self.key.fingerprint:
            raise Conflict("another request under this key", field=FIELD)
        if standing.answer is None:
            raise InProgress("under way", field=FIELD, retry_after_s=COME_BACK_S)
        self.by.log.info("answered_again", caller=self.caller)
        return self._opened(standing.answer)

    async def held(self, claim: Claim) -> Claim | None:
        """The claim for some more seconds; None if it is lost."""
        return await self.by.records.update(claim, replace(claim.record, held_until=self._until()))

    async def let_go(self, claim: Claim) -> None:
        """Lets whoever asks next answer."""
        await self.by.records.update(claim, replace(claim.record, held_until=self.by.now()))

    async def finished(self, claim: Claim, answer: bytes) -> None:
        """Keeps the answer. The caller gets it anyway; what is not kept is answered anew, and stands in its session once."""
        sealed = self._sealed(answer)
        fits = len(sealed) <= LARGEST
        record = replace(claim.record, held_until=self.by.now(), answer=sealed if fits else None)
        try:
            kept = await self.by.records.update(claim, record) is not None and fits
        except StoreUnavailable:
            kept = False
        if not kept:
            self.by.log.warning("answer_not_kept", caller=self.caller, bytes=len(sealed))

    def _until(self) -> datetime:
        return self.by.now() + HELD

    def _sealed(self, answer: bytes) -> bytes:
        return self.by.envelopes(self.key.secret).pack(self.key.name, Entry(zlib.compress(answer), 0, 0))

    def _opened(self, sealed: bytes) -> bytes:
        entry = self.by.envelopes(self.key.secret).unpack(self.key.name, sealed)
        if entry is None:
            raise StoreUnavailable("a kept answer that cannot be opened")
        return zlib.decompress(entry.value)


def key_of(sent: str) -> str:
    """The key that a header's value is, quoted or bare; ValidationFailed if it is none."""
    value = sent.strip(" \t")
    quoted = _QUOTED.fullmatch(value)
    key = re.sub(r"\\(.)", r"\1", quoted[1]) if quoted else value if _BARE.fullmatch(value) else ""
    if not 1 <= len(key) <= LONGEST:
        rule = f"1 to {LONGEST} printable ASCII characters, bare or as a quoted string"
        raise ValidationFailed("idempotency key", field=FIELD, details={"rule": rule})
    return key


def replayed(response: Response) -> Response:
    """A response that says that it was given before."""
    response.headers[REPLAYED] = "true"
    return response
