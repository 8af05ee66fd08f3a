"""Questions that were understood before: the same body from anybody needs no second reading, only the answer that is known.

What is kept of a body is a keyed hash, where its answer is, and what the response says of its reading; not its words. That is
kept for questions alone whose answers are for everybody: nothing personal, no session, no history.
"""

from collections.abc import Callable, Mapping
from typing import Final

from msgspec import Struct
from msgspec.json import encode
from pydantic_core import to_json

from ion_mentoring.access.caller import DEFAULT_TENANT
from ion_mentoring.caching.local import LocalCache
from ion_mentoring.handlers.contract.receipts import facts_of
from ion_mentoring.handlers.contract.views import decided_view, detected_view, performance_view, reply_metadata
from ion_mentoring.handlers.web.call import Call
from ion_mentoring.handlers.web.responses import timestamp
from ion_mentoring.mentoring.answering.answer_cache import CachedReply
from ion_mentoring.mentoring.answering.experimenting import Place, places_of
from ion_mentoring.mentoring.answering.values import Answer, AnswerRequest, CacheAddress
from ion_mentoring.personas.taste import propensity
from ion_mentoring.records.ledger.prices import Cost
from ion_mentoring.sealing.keys import CacheKeys
from ion_mentoring.usage.meter import Usage

KEPT_S: Final = 3_600.0
VARIANTS: Final = 8  # of one body
FREE: Final = (Usage(), Cost())  # what an answer that was known has used and cost
_DETECTED: Final = b'"detected":{}'  # in JSON, quotes make it the member itself and no text


class ParsedRequest(Struct, frozen=True):
    """One question as it was read: who answers it and why, as JSON; `detected` is None where no metadata is wanted.

    `why` is the record of its routing. `facts` are those of its receipt; where exploring may choose among `near` personas,
    `drawn` has the probability of this one, too, as it is while `exploration` is what it was. `arms` are those of
    experiments that had a part in it.
    """

    address: CacheAddress
    persona: str
    key: str
    confidence: float
    decided: bytes
    detected: bytes | None
    why: bytes
    facts: str = ""
    near: int = 1
    drawn: str = ""
    exploration: float = 0.0
    arms: tuple[Place, ...] = ()

    @property
    def size(self) -> int:
        """The bytes that it holds."""
        return len(self.decided) + len(self.detected or b"") + len(self.why) + len(self.facts) + len(self.drawn)

    def body(self, known: CachedReply, call: Call, receipt: str) -> bytes:
        """The same response as that of the long way, for a reply that is known by now."""
        performance = performance_view(call, layer=known.layer, stale=known.stale, cache_key=self.address.told)
        now = {"request_id": call.request_id, "timestamp": timestamp(), "performance": performance}
        said = (b'{"success":true,"content":', encode(known.reply.content), b",", self.decided, b",", encode(now)[1:-1])
        if self.detected is None:
            return b"".join((*said, b"}"))
        return b"".join((*said, b',"metadata":', self._metadata(known, self.detected, receipt), b"}"))

    @staticmethod
    def _metadata(known: CachedReply, detected: bytes, receipt: str) -> bytes:
        usage, cost = FREE
        facts = reply_metadata(known.reply, usage=usage, cost=cost, degraded=known.degraded, detected={})
        facts["receipt"] = receipt
        return encode(facts).replace(_DETECTED, _DETECTED[:-2] + detected, 1)


class ParsedBody(Struct, frozen=True):
    """One body: the mark of the user whom it names, by which a mentee who names another one is found, and its readings by
    variant, since not everybody is answered alike: the few of them that were asked for last."""

    user: str | None
    readings: Mapping[bytes, ParsedRequest]

    @property
    def size(self) -> int:
        """The bytes that it holds."""
        return sum(one.size for one in self.readings.values())


class ParsedRequestCache:
    """The parsed requests, by request body; `now` is wall-clock time in seconds, `max_bytes` what may be kept."""

    def __init__(self, keys: CacheKeys, *, max_bytes: int, max_entries: int, now: Callable[[], float]) -> None:
        self._keys = keys
        self._kept: LocalCache[ParsedBody] = LocalCache(max_bytes=max_bytes, max_entries=max_entries, now=now)
        self._now = now

    def find(self, body: bytes, neighbours: str) -> ParsedBody | None:
        """The reading of just these bytes, where one of these neighbours has sent them before."""
        kept = self._kept.get(self._of(body, neighbours))
        return kept.value if kept else None

    def names_another(self, parsed: ParsedBody, person: str | None) -> bool:
        """True if a body names another user than the person who sends it."""
        return person is not None and parsed.user not in (None, self._keys.of(person.encode()))

    def _of(self, body: bytes, neighbours: str) -> str:
        return self._keys.of(body if neighbours == DEFAULT_TENANT else b"%b\0%b" % (neighbours.encode(), body))

    def learn(
        self,
        body: bytes,
        ask: AnswerRequest,
        answer: Answer,
        why: bytes,
        *,
        user: str | None,
        with_metadata: bool,
        exploration: float = 0.0,
        variant: bytes = b"",
    ) -> None:
        """Keeps how a body was understood, if anybody of the same variant gets the same answer; `user` is the one it names."""
        decision = answer.decision
        if (
            answer.address is None
            or answer.care
            or answer.address.scope.owner
            or answer.degraded
            or answer.persona.id != decision.persona.id
            or decision.explored
        ):
            return
        if ask.session_id is not None or ask.history or not ask.use_cache:
            return
        decided = to_json(decided_view(answer))[1:-1]
        detected = to_json(detected_view(decision.detection) if decision.detection else {}) if with_metadata else None
        mark = None if user is None else self._keys.of(user.encode())
        persona, key, confidence = answer.persona.id, str(decision.key), decision.route.confidence
        fixed = not exploration or decision.chosen or decision.caring or decision.stays
        near = 1 if fixed else len(decision.route.near)
        drawn = facts_of(answer, propensity(exploration, near, best=True)) if near > 1 else ""
        facts = facts_of(answer)
        understood = ParsedRequest(
            answer.address,
            persona,
            key,
            confidence,
            decided,
            detected,
            why,
            facts,
            near,
            drawn,
            exploration,
            places_of(decision.arms, decision.key.tone.value),
        )
        place = self._of(body, ask.caller.neighbours)
        before = self._kept.get(place)
        others = [one for one in before.value.readings.items() if one[0] != variant][1 - VARIANTS :] if before else []
        parsed = ParsedBody(mark, {**dict(others), variant: understood})
        self._kept.put(place, parsed, size=parsed.size, expires_at=self._now() + KEPT_S)
