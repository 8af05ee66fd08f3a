"""Answers that are known already, or are just being made: each is made once, for all who ask the same at the same time."""

import json
import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Final, NamedTuple

from msgspec import Struct

from ion_mentoring import __version__
from ion_mentoring.access.caller import DEFAULT_TENANT
from ion_mentoring.caching import normal_form
from ion_mentoring.caching.entry import CacheScope
from ion_mentoring.caching.fill_once import FillOnce
from ion_mentoring.caching.flight import Flights
from ion_mentoring.caching.performance import MISS, CachePerformance
from ion_mentoring.caching.sharing import Sharing
from ion_mentoring.caching.two_tier import TwoTierCache
from ion_mentoring.mentoring.answering.editorial import editorial_texts
from ion_mentoring.mentoring.answering.values import AnswerRequest, BilledReply, CacheAddress, RoutingDecision
from ion_mentoring.models.protocol import Event, Say
from ion_mentoring.personas.contract import PersonaRequest, Reply
from ion_mentoring.personas.prompts import builder
from ion_mentoring.resilience import deadline
from ion_mentoring.sealing.keys import CacheKeys
from ion_mentoring.telemetry.trace import mark, span
from ion_mentoring.understanding.personal.detector import Privacy, privacy_of

if TYPE_CHECKING:
    from ion_mentoring.mentoring.answering.variants import Varied

PATIENCE_S: Final = 30.0  # for what another instance makes; never more than half of the time that is left

Work = Callable[[Say | None], Awaitable[BilledReply]]


class CachedReply(NamedTuple):
    """A reply from a cache; `stale` past its time, `due` if it should be renewed, `degraded` if a tier is away.

    `first` if the caller's tenant has not asked for it before: that others have is not told.
    """

    reply: Reply
    layer: str
    stale: bool
    due: bool
    degraded: tuple[str, ...]
    first: bool = False


class AnswerCache(Struct, frozen=True):
    """The cache of answers and the flights that fill it. `model` is the one that is meant to answer."""

    tiers: TwoTierCache[Reply]
    flights: Flights[Event, BilledReply]
    keys: CacheKeys
    performance: CachePerformance
    model: str
    sharing: Sharing

    def address(
        self, request: AnswerRequest, decision: RoutingDecision, question: PersonaRequest, varied: "Varied | None" = None
    ) -> CacheAddress:
        """The place of all that decides the text; personal texts and conversations are kept to their own user, other ones to
        their tenant until enough tenants have asked them, but for the editorial list. What may be personal is its user's own
        until then. What a variant writes is apart."""
        privacy: Privacy = "own" if question.history else privacy_of(request.text)
        user = self.owner(request.caller.owner(request.user_id))
        owner = user if privacy == "own" else ""
        text = normal_form.normalised(request.text)
        tag = f"{decision.persona.id}:{decision.language}:{decision.key}"
        other = _other(varied) if varied else {}
        key = self.keys.key(
            release=__version__,
            form=normal_form.VERSION,
            text=text,
            key=str(decision.key),
            persona=decision.persona.id,
            card=str(decision.persona.version),
            prompt=builder.version(decision.persona),
            model=self.model,
            language=decision.language,
            mode=request.mode,
            feeling=question.feeling or "",
            unknown=",".join(question.unknown),
            history=json.dumps([(turn.role, turn.content) for turn in question.history]),
            scope=owner,
            **other,
        )
        if privacy == "own" or request.common or text in editorial_texts():
            return CacheAddress(key, _scope(tag, owner))
        neighbours = request.caller.neighbours
        tenant = self.tenant(neighbours)
        if privacy == "open":
            return CacheAddress(self.keys.key(common=key, tenant=tenant), CacheScope(tag), common=key, tenant=tenant)
        # Callers of no tenant are strangers to each other: each of them counts.
        asker = user if neighbours == DEFAULT_TENANT else tenant
        return CacheAddress(self.keys.key(common=key, user=user), _scope(tag, user), common=key, tenant=asker)

    def tenant(self, tenant: str) -> str:
        """The mark of a tenant, which does not tell which one that is."""
        return self.keys.key(tenant=tenant)

    def owner(self, owner: str) -> str:
        """The mark of an owner, which does not tell who that is."""
        return self.keys.key(owner=owner)

    @property
    def degraded(self) -> tuple[str, ...]:
        """The parts that are missing while answers go on."""
        return ("cache",) if self.tiers.degraded else ()

    async def find(self, address: CacheAddress) -> tuple[CacheAddress, CachedReply | None]:
        """The address at which the reply is or is to be made, and the reply where it is known; counts whose tenants ask."""
        began = time.perf_counter()
        address = self._place(address)
        hit = await self._looked(address)
        if hit is None and address.common:
            standing = await self.sharing.asked(address.common, address.tenant)
            if standing.common:
                address = address.for_all
                hit = await self._looked(address)
                hit = hit and hit._replace(first=not standing.again)
        await self._count(hit, began)
        return address, hit

    async def get(self, address: CacheAddress) -> CachedReply | None:
        """The reply, if it is known."""
        began = time.perf_counter()
        hit = await self._looked(self._place(address))
        await self._count(hit, began)
        return hit

    def _place(self, address: CacheAddress) -> CacheAddress:
        """The address for all tenants, where this instance knows that there is one."""
        known = address.common and self.sharing.knows(address.common, address.tenant)
        return address.for_all if known else address

    async def _looked(self, address: CacheAddress) -> CachedReply | None:
        hit = self.tiers.look(address.key, address.scope)
        if hit is None or hit.due:
            hit = await self.tiers.get(address.key, address.scope)
        return CachedReply(hit.value, hit.layer, hit.stale, hit.due, self.degraded) if hit else None

    async def _count(self, hit: CachedReply | None, began: float) -> None:
        layer = hit.layer if hit else MISS
        self.performance.looked(layer, time.perf_counter() - began)
        mark("cache.get", began, layer=layer)
        await self.performance.tell()

    def running(self, address: CacheAddress) -> bool:
        """True while this instance already computes the answer at this place."""
        running = self.flights.running(address.key)
        if running:
            self.performance.prevented()
        return running

    async def join(self, address: CacheAddress, request: Work, say: Say | None) -> BilledReply:
        """The reply of the one run under way for an address, here or in another instance; else of a new one."""
        with span("flight.join"):
            return await self.flights.join(address.key, lambda listener: self._made(address, request, listener), say)

    async def _made(self, address: CacheAddress, request: Work, say: Say | None) -> BilledReply:
        """The reply of another instance, when it is whole; else our own, which is kept if it is whole."""
        fill = FillOnce(self.tiers)
        patience_s = deadline.limit_s(PATIENCE_S, keep_s=PATIENCE_S)
        async with fill.turn(address.key, address.scope, patience_s) as turn:
            if turn.found:
                self.performance.prevented()
                return BilledReply(turn.found.value, layer=turn.found.layer)
            asked = await request(say)
            if not asked.reply.degraded:
                await fill.keep(turn, asked.reply)
            return asked


def _scope(tag: str, owner: str) -> CacheScope:
    return CacheScope(f"{tag}:{owner}" if owner else tag, owner)


def _other(varied: "Varied") -> dict[str, str]:
    """The parts of a variant's answer as they are now: the same name may stand for another thing later."""
    card = str(varied.card.version)
    return {"variant": varied.mark, "varied_card": card, "varied_prompt": varied.prompt, "varied_model": varied.model}
