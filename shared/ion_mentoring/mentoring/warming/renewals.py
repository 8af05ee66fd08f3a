"""Renewals of answers that are known and soon too old: asked for once, and made by the warming function.

The question travels sealed under the secret of the cache, so that whoever sees the message reads nothing.
"""

import base64
import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct
from msgspec.structs import replace

from ion_mentoring.access.caller import DEFAULT_TENANT, Caller
from ion_mentoring.backends.publishing.protocol import Publisher
from ion_mentoring.caching.entry import Entry
from ion_mentoring.caching.renewing import Renewing
from ion_mentoring.errors import InvalidInput, PublishingUnavailable
from ion_mentoring.mentoring.answering.values import AnswerRequest, CacheAddress, RoutingDecision
from ion_mentoring.personas.contract import Reply
from ion_mentoring.personas.variant import Variant
from ion_mentoring.telemetry.events import EventLog
from ion_mentoring.understanding.resonance.key import ResonanceKey

if TYPE_CHECKING:  # who has no L2 does not pay for importing what seals
    from ion_mentoring.caching.envelope import Envelopes

RENEWER: Final = Caller("renewal", everybody=True)
ONCE_IN_S: Final = 60.0  # over all instances; whoever has the message that long has lost it
HOLDS_S: Final = 3_600.0  # after that a message that comes late is of no more use

_SEALED_AS: Final = "renewal"


class SealedQuestions(Struct, frozen=True):
    """Questions as text that only those with the secret of the cache can read. `now` is wall-clock time in seconds."""

    envelopes: "Envelopes"
    now: Callable[[], float]

    def seal(self, request: AnswerRequest, decision: RoutingDecision, for_s: float = HOLDS_S, *, common: bool = False) -> str:
        """A question as it was understood, for so many seconds; `common` if its answer is for all tenants."""
        facts: dict[str, Any] = {
            "text": request.text,
            "key": str(decision.key) if request.key else None,
            "persona": decision.persona.id if decision.chosen or decision.stays else None,
            "language": request.language,
            "mode": request.mode,
            "tenant": request.caller.neighbours,
            "common": common or request.common,
            "read_tone": request.read_tone,
        }
        if request.variant:
            facts["variant"] = request.variant.named
        until = self.now() + for_s
        return base64.b64encode(self.envelopes.pack(_SEALED_AS, Entry(json.dumps(facts).encode(), until, until))).decode()

    def open(self, sealed: str) -> AnswerRequest | None:
        """The question, None if its time is over; InvalidInput for anything that was not sealed so."""
        try:
            entry = self.envelopes.unpack(_SEALED_AS, base64.b64decode(sealed, validate=True))
        except ValueError:
            entry = None
        if entry is None:
            raise InvalidInput("no renewal that was sealed here", field="renew")
        if entry.expires_at <= self.now():
            return None
        facts: dict[str, Any] = json.loads(entry.value)
        key = ResonanceKey.parse(facts["key"]) if facts["key"] else None
        renewer = replace(RENEWER, tenant=facts.get("tenant", DEFAULT_TENANT))
        read = AnswerRequest(facts["text"], renewer, key, facts["persona"], facts["language"], mode=facts["mode"])
        variant = Variant(**facts["variant"]) if "variant" in facts else None
        return replace(read, common=facts.get("common", False), read_tone=facts.get("read_tone", True), variant=variant)


class Renewals(Struct, frozen=True):
    """Asks for renewals."""

    renewing: Renewing[Reply]
    sealed: SealedQuestions
    publisher: Publisher
    topic: str
    log: EventLog

    async def ask_for(self, request: AnswerRequest, decision: RoutingDecision, address: CacheAddress) -> None:
        """Has an answer renewed, unless somebody does that already. What is one user's alone is left to its end."""
        if address.scope.owner or not await self.renewing.claim(address.key, ONCE_IN_S):
            return
        message = json.dumps({"renew": self.sealed.seal(request, decision, common=bool(address.shown))}).encode()
        try:
            await self.publisher.publish(self.topic, message, {})
        except PublishingUnavailable as error:
            self.log.warning("renewal_unpublished", reason=str(error))
        else:
            self.log.info("renewal_published", persona=decision.persona.id)
