"""An answer that is soon too old is renewed once, by a message that tells nobody what was asked."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any

import pytest
from msgspec.structs import replace

from ion_mentoring.backends.valkey.valkey_client import ValkeyConnection
from ion_mentoring.caching.envelope import Envelopes
from ion_mentoring.caching.renewing import Renewing
from ion_mentoring.errors import InvalidInput, PublishingUnavailable
from ion_mentoring.handlers.web.events import Event
from ion_mentoring.handlers.workers.warming import WarmingWork
from ion_mentoring.mentoring.answering.answer import AnswerQuestion
from ion_mentoring.mentoring.answering.values import AnswerRequest
from ion_mentoring.mentoring.answering.varying import Varying
from ion_mentoring.mentoring.warming.demand import CountedDemand
from ion_mentoring.mentoring.warming.renewals import HOLDS_S, Renewals, SealedQuestions
from ion_mentoring.mentoring.warming.warm_caches import WarmCaches
from ion_mentoring.telemetry.unreported import Unreported
from ion_mentoring.understanding.resonance.key import ResonanceKey
from tests.caching.tiers import TIMES, replies
from tests.fakes import Clock, SpyMentor
from tests.mentoring.test_varying import FAST, there

LUAS = ResonanceKey.parse("frustrated-burst-seek_advice")
TEXT = "How do I stay calm in a meeting?"

Make = Callable[..., AnswerRequest]
Instance = Callable[[], AnswerQuestion]


class Topic:
    """Keeps what is published, or refuses it."""

    def __init__(self) -> None:
        self.messages: list[bytes] = []
        self.away = False

    async def publish(self, topic: str, data: bytes, attributes: Mapping[str, str]) -> None:
        assert topic == "cache-warming"
        if self.away:
            raise PublishingUnavailable("cache-warming: 503")
        self.messages.append(data)


@pytest.fixture
def topic() -> Topic:
    return Topic()


@pytest.fixture
def sealed(clock: Clock) -> SealedQuestions:
    return SealedQuestions(Envelopes(b"secret"), clock)


@pytest.fixture
async def instance(
    use_case: AnswerQuestion, valkey_port: int, clock: Clock, topic: Topic, sealed: SealedQuestions
) -> AsyncIterator[Instance]:
    """Makes another instance over the same server."""
    connection = ValkeyConnection.to(f"redis://127.0.0.1:{valkey_port}", timeout_s=2)

    def made() -> AnswerQuestion:
        cache = replace(use_case.cache, tiers=replies(connection, clock))
        renewals = Renewals(Renewing(cache.tiers), sealed, topic, "cache-warming", use_case.log)
        return replace(use_case, cache=cache, demand=CountedDemand(None, renewals))

    yield made
    await connection.close()


@pytest.fixture
def worker(instance: Instance, sealed: SealedQuestions) -> WarmingWork:
    made = instance()
    return WarmingWork(WarmCaches(made, Renewing(made.cache.tiers), (), made.log), sealed, nothing, Unreported())


async def nothing() -> None:
    """Ratings of everybody are not what these tests are about."""


async def test_it_is_served_stale_and_renewed_once_over_all_instances(
    instance: Instance, worker: WarmingWork, topic: Topic, clock: Clock, ask: Make, spies: Mapping[str, SpyMentor]
) -> None:
    one, other = instance(), instance()
    first = await one(ask(TEXT, key=LUAS))
    assert (await other(ask(TEXT, key=LUAS))).cache_layer == "L2"
    clock.tick(TIMES.soft_s + 1)
    served = await asyncio.gather(*(router(ask(TEXT, key=LUAS)) for router in (one, other) for _ in range(5)))
    assert {(answer.content, answer.stale) for answer in served} == {(first.content, True)}
    assert len(topic.messages) == 1
    assert await worker(Event("1", topic.messages[0])) == {"renewed": "filled"}
    assert len(spies["lua"].asked) == 2
    for router in (one, other):
        renewed = await router(ask(TEXT, key=LUAS))
        assert (renewed.content, renewed.stale) == ("lua says 2", False)
    assert await worker(Event("1", topic.messages[0])) == {"renewed": "fresh"}  # delivered twice


async def test_the_message_tells_nobody_what_was_asked(
    instance: Instance, topic: Topic, clock: Clock, ask: Make, lines: list[str]
) -> None:
    router = instance()
    await router(ask(TEXT))
    clock.tick(TIMES.soft_s)
    await router(ask(TEXT))
    (message,) = topic.messages
    assert set(json.loads(message)) == {"renew"}
    assert "calm in" not in str(message)
    assert not any("calm in" in line for line in lines)


async def test_what_is_one_users_alone_is_left_to_its_end(instance: Instance, topic: Topic, clock: Clock, ask: Make) -> None:
    router = instance()
    for _ in range(2):
        assert not (await router(ask("I am John Smith, and I feel stuck"))).degraded
        clock.tick(TIMES.soft_s)
    assert topic.messages == []


async def test_a_topic_that_is_away_is_no_trouble_and_is_told(
    instance: Instance, topic: Topic, clock: Clock, ask: Make, lines: list[str]
) -> None:
    router = instance()
    await router(ask(TEXT))
    clock.tick(TIMES.soft_s)
    topic.away = True
    assert (await router(ask(TEXT))).stale
    assert any("renewal_unpublished" in line for line in lines)


@pytest.mark.parametrize(
    "fields",
    [{}, {"key": LUAS}, {"persona": "elro"}, {"language": "ko"}, {"mode": "summary_light"}],
    ids=["text", "key", "persona", "language", "mode"],
)
async def test_a_question_comes_out_as_it_went_in(
    instance: Instance, sealed: SealedQuestions, ask: Make, fields: dict[str, Any]
) -> None:
    router = instance()
    sent = ask(TEXT, **fields)
    opened = sealed.open(sealed.seal(sent, router.routing.decide(sent)))
    assert opened is not None
    readings = [router.routing.decide(one) for one in (sent, opened)]
    places = [
        router.cache.address(one, decision, router.question(one, decision, ()))
        for one, decision in zip((sent, opened), readings, strict=True)
    ]
    assert places[0] == places[1]


async def test_an_arms_answer_is_renewed_as_what_it_is(instance: Instance, sealed: SealedQuestions, ask: Make) -> None:
    router = replace(instance(), varying=Varying(there))
    sent = ask(TEXT, persona="lua", variant=FAST)
    opened = sealed.open(sealed.seal(sent, router.routing.decide(sent)))
    assert opened is not None
    usual = replace(opened, variant=None)
    places = []
    for one in (sent, opened, usual):
        decision = router.routing.decide(one)
        places.append(router.address(one, decision, router.question(one, decision, ())).key)
    assert places[0] == places[1] != places[2]


class Popular:
    """Notes what is counted."""

    def __init__(self) -> None:
        self.counted: list[str] = []

    async def asked(self, request: AnswerRequest, *_: Any) -> None:
        self.counted.append(request.text)


async def test_questions_to_an_arm_are_not_among_those_that_are_warmed(instance: Instance, ask: Make) -> None:
    popular = Popular()
    router = replace(instance(), demand=CountedDemand(popular))  # type: ignore[arg-type]
    for variant in (None, FAST):
        request = ask(f"question {variant}", variant=variant)
        await router.decided(request, router.routing.decide(request), (), None)
    assert popular.counted == ["question None"]


async def test_a_message_that_comes_too_late_is_left(
    worker: WarmingWork, sealed: SealedQuestions, clock: Clock, ask: Make
) -> None:
    sent = ask(TEXT)
    message = json.dumps({"renew": sealed.seal(sent, worker.warm.answer.routing.decide(sent))}).encode()
    clock.tick(HOLDS_S)
    assert await worker(Event("1", message)) == {"renewed": "refused"}
    assert await replace(worker, sealed=None)(Event("1", message)) == {"renewed": "refused"}


@pytest.mark.parametrize("forged", ["", "not base64", "aGVsbG8=", "한국어"])
async def test_a_question_that_was_not_sealed_here_is_refused(worker: WarmingWork, forged: str) -> None:
    with pytest.raises(InvalidInput):
        await worker(Event("1", json.dumps({"renew": forged}).encode()))


async def test_under_another_secret_nothing_opens(worker: WarmingWork, clock: Clock, ask: Make) -> None:
    other = SealedQuestions(Envelopes(b"another"), clock)
    sent = ask(TEXT)
    with pytest.raises(InvalidInput):
        worker.sealed and worker.sealed.open(other.seal(sent, worker.warm.answer.routing.decide(sent)))
