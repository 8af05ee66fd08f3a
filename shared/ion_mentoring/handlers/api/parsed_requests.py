"""Questions that were understood before: the same body from anybody needs no second reading, only the answer that is known.

What is kept of a body is a keyed hash, where its answer is, and what the response says of its reading; not its words. That is
kept for questions alone whose answers are for everybody: nothing personal, no session, no history.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from pydantic_core import to_json

from ion_mentoring.caching.local import LocalCache
from ion_mentoring.handlers.contract.views import cost_view, detected_view, routing_view
from ion_mentoring.handlers.web.call import Call, elapsed_ms
from ion_mentoring.handlers.web.responses import timestamp
from ion_mentoring.mentoring.answering.answer_cache import CachedReply
from ion_mentoring.mentoring.answering.values import Answer, AnswerRequest, CacheAddress
from ion_mentoring.personas.contract import Reply
from ion_mentoring.records.ledger.prices import Cost
from ion_mentoring.sealing.keys import CacheKeys

KEPT_S: Final = 3_600.0
_FREE: Final = to_json(cost_view(Cost()))


@dataclass(frozen=True, slots=True)
class ParsedRequest:
    """One question as it was read: who answers it and why, as JSON; `detected` is None where no metadata is wanted."""

    address: CacheAddress
    persona: str
    key: str
    decision: bytes
    detected: bytes | None

    def body(self, known: CachedReply, call: Call) -> bytes:
        """The same response as that of the long way, for a reply that is known by now."""
        return b"".join(
            (b'{"success":true,"content":', to_json(known.reply.content), self.decision, *self._moment(known, call))
        )

    def _moment(self, known: CachedReply, call: Call) -> tuple[bytes, ...]:
        performance = {
            "execution_time_ms": elapsed_ms(call),
            "cache_hit": True,
            "cache_layer": known.layer,
            "stale": known.stale,
            "cache_key": self.address.key,
        }
        identity = f',"request_id":"{call.request_id}","timestamp":"{timestamp()}"}}'.encode()
        if self.detected is None:
            return b',"performance":', to_json(performance), identity
        return b',"performance":', to_json(performance), self._metadata(known.reply, known.degraded, self.detected), identity

    @staticmethod
    def _metadata(reply: Reply, degraded: tuple[str, ...], detected: bytes) -> bytes:
        usage = b',"usage":{"input_tokens":0,"output_tokens":0},"cost":'
        facts: dict[str, Any] = {"topics": reply.topics, "ai_generated": True, "degraded": degraded}
        if reply.cut_short:
            facts["cut_short"] = True
        head = to_json({"language": reply.language, "model": reply.model})[:-1]
        return b"".join((b',"metadata":', head, usage, _FREE, b',"detected":', detected, b",", to_json(facts)[1:]))


class ParsedRequestCache:
    """The parsed requests, by request body; `now` is wall-clock time in seconds, `max_bytes` what may be kept."""

    def __init__(self, keys: CacheKeys, *, max_bytes: int, max_entries: int, now: Callable[[], float]) -> None:
        self._keys = keys
        self._kept: LocalCache[ParsedRequest] = LocalCache(max_bytes=max_bytes, max_entries=max_entries, now=now)
        self._now = now

    def find(self, body: bytes) -> ParsedRequest | None:
        """The parsed request of just these bytes."""
        kept = self._kept.get(self._keys.of(body))
        return kept.value if kept else None

    def learn(self, body: bytes, ask: AnswerRequest, answer: Answer, *, with_metadata: bool) -> None:
        """Keeps how a body was understood, if anybody who sends it gets the same answer."""
        decision = answer.decision
        if (
            answer.address is None
            or answer.care
            or answer.address.scope.owner
            or answer.degraded
            or answer.persona.id != decision.persona.id
        ):
            return
        if ask.session_id is not None or ask.history or not ask.use_cache:
            return
        said = to_json(
            {
                "persona_used": answer.persona.name.en,
                "resonance_key": str(decision.key),
                "confidence": decision.route.confidence,
                "routing": routing_view(decision, answer.reasoning),
            }
        )
        detected = to_json(detected_view(decision.detection) if decision.detection else {}) if with_metadata else None
        understood = ParsedRequest(answer.address, answer.persona.id, str(decision.key), b"," + said[1:-1], detected)
        size = len(said) + len(detected or b"")
        self._kept.put(self._keys.of(body), understood, size=size, expires_at=self._now() + KEPT_S)
