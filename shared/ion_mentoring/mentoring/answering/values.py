"""The values of one answer: what is asked, how it was understood, and what comes of it."""

from collections.abc import Callable

from msgspec import Struct, field

from ion_mentoring.access.caller import Caller
from ion_mentoring.caching.entry import CacheScope
from ion_mentoring.experiments.assignment import NONE, Assigned, Assignment
from ion_mentoring.models.protocol import Delta, Message, Mode
from ion_mentoring.models.subject import Subject
from ion_mentoring.personas.card import Card
from ion_mentoring.personas.contract import Reply
from ion_mentoring.personas.routing import Route
from ion_mentoring.personas.taste import Leaning, Taste
from ion_mentoring.personas.variant import Variant
from ion_mentoring.records.ledger.prices import Cost
from ion_mentoring.records.ledger.protocol import Entry
from ion_mentoring.records.profiles.consent import Consent, Purpose
from ion_mentoring.understanding.resonance.detector import Detection
from ion_mentoring.understanding.resonance.key import ResonanceKey
from ion_mentoring.understanding.safety.contacts import Contact
from ion_mentoring.usage.meter import Usage


class Learner(Struct, frozen=True):
    """A person of whom something may be learnt: as stores know the owner, and by a mark that tells nobody."""

    owner: str
    mark: str


class AnswerRequest(Struct, frozen=True):
    """One request as its caller meant it; what is None is decided from the text.

    Whatever is asked again under the same `entry` stands in its session once; None is an entry of its own. With `billed_as`, an
    id, the answer brings its entry for the ledger along, and whoever asked settles it. `learner` is the person whose `taste` is
    looked up; `draw`, even in [0, 1), says where exploring leads, and without one nobody is tried. `common` renews what is for
    all tenants. One that is not `kept` leaves nothing but its cost; it does not use the cache, either. Without `read_tone` how
    somebody feels is not read: intent and topic decide. `unit` is the mark of who takes part in experiments, a person or a
    session, and `assigned` the arms that it meets. `consent` is what the request itself says of it, in place of what is kept.
    Without `vendors` no model is asked but the playbook. `variant` is what is to write the answer in place of the usual.
    """

    text: str
    caller: Caller
    key: ResonanceKey | None = None
    persona: str | None = None
    language: str | None = None
    user_id: str | None = None
    session_id: str | None = None
    history: tuple[Message, ...] = ()
    use_cache: bool = True
    mode: Mode = "default"
    entry: str | None = None
    country: str | None = None
    billed_as: str | None = None
    learner: Learner | None = None
    taste: Taste | None = None
    draw: float | None = None
    common: bool = False
    kept: bool = True
    read_tone: bool = True
    unit: str | None = None
    assigned: Assigned = NONE
    consent: Consent | None = None
    vendors: bool = True
    variant: Variant | None = None


class RoutingDecision(Struct, frozen=True):
    """A routing decision: language, key, route, and the persona who is to answer, by choice, by score, out of care, or
    because the conversation `stays` with them. `subject` is what the text is likely about, as far as that was read,
    `leaning` what the person's taste had to do with it. `propensity` is the probability of a choice that was drawn; `explored`
    where it fell on another than the best. `arms` are those of experiments that had a part in it, `lift` what their weights
    are, and `assigned` all that the person meets."""

    language: str
    key: ResonanceKey
    route: Route
    persona: Card
    chosen: bool
    detection: Detection | None
    caring: bool = False
    stays: bool = False
    subject: Subject | None = None
    leaning: Leaning | None = None
    propensity: float | None = None
    arms: tuple[Assignment, ...] = ()
    lift: Leaning | None = None
    assigned: Assigned = NONE

    @property
    def explored(self) -> bool:
        """True where another than the best was tried."""
        return self.propensity is not None and self.persona.id != self.route.primary


class CacheAddress(Struct, frozen=True):
    """The address of an answer in the cache, and its scope.

    What is a tenant's own, or a user's as long as nobody else has asked it, has an address that is `common` to all tenants
    beside it, and a mark of the `tenant`, or of whoever else is counted. Where the common one is used, the caller is `shown`
    its own.
    """

    key: str
    scope: CacheScope
    common: str = ""
    tenant: str = ""
    shown: str = ""

    @property
    def for_all(self) -> "CacheAddress":
        """The address of the same for all tenants."""
        return CacheAddress(self.common, self.scope.for_all, tenant=self.tenant, shown=self.key)

    @property
    def told(self) -> str:
        """The key as its caller is told it, which no other tenant is."""
        return self.shown or self.key


class BilledReply(Struct, frozen=True):
    """A reply of the personas and the cost of all calls for it; or a known reply, from that tier.

    `due` is to be settled yet.
    """

    reply: Reply
    usage: Usage = field(default_factory=Usage)
    cost: Cost = field(default_factory=Cost)
    layer: str | None = None
    due: Entry | None = None


class Routed(Struct, frozen=True):
    """The beginning of an answer, as its caller learns it: who answers and why, and the sign of danger that was seen.

    Each one makes void the text before it.
    """

    persona: Card
    decision: RoutingDecision
    reasoning: str
    safety: str | None = None


class Answer(Struct, frozen=True):
    """An answer for the caller. `degraded` names what had to be replaced, `safety` the danger that got the safe answer,
    `care` the one that got a caring question, `lines` who can be reached beside either; one that is `stale` is known, and
    older than it should be.

    `unagreed` are the purposes that were left out since nobody agreed to them; `due` is the entry of the ledger that is to be
    settled yet. `variant` wrote it in place of the usual; `variant_failed` where one was to, and could not.
    """

    content: str
    persona: Card
    decision: RoutingDecision
    reasoning: str
    language: str
    model: str
    usage: Usage = field(default_factory=Usage)
    cost: Cost = field(default_factory=Cost)
    topics: tuple[str, ...] = ()
    offered: tuple[str, ...] = ()
    plan: tuple[str, ...] = ()
    degraded: tuple[str, ...] = ()
    cut_short: bool = False
    filtered: bool = False
    safety: str | None = None
    care: str | None = None
    lines: tuple[Contact, ...] = ()
    unagreed: tuple[Purpose, ...] = ()
    cache_layer: str | None = None
    stale: bool = False
    address: CacheAddress | None = None
    due: Entry | None = None
    variant: Variant | None = None
    variant_failed: bool = False


AnswerEvent = Routed | Delta
Tell = Callable[[AnswerEvent], None]  # a listener to one answer, which never waits


def encode_reply(reply: Reply) -> bytes:
    """A reply as compact JSON for L2, without what it cost: whoever gets it from there pays nothing."""
    return reply.model_dump_json(exclude={"spent"}, exclude_defaults=True).encode()


def decode_reply(stored: bytes) -> Reply:
    """The reply of such bytes; ValueError for anything else."""
    return Reply.model_validate_json(stored)
