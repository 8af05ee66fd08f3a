"""Warming fills L2 with what clients will ask, and filling twice changes nothing."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from msgspec.structs import replace

from ion_mentoring.access.caller import Caller
from ion_mentoring.backends.valkey.valkey_client import ValkeyConnection
from ion_mentoring.caching.envelope import Envelopes
from ion_mentoring.caching.popularity import Popularity
from ion_mentoring.caching.progress import Progress
from ion_mentoring.caching.renewing import Renewing
from ion_mentoring.catalogue.bilingual import Bilingual
from ion_mentoring.errors import UnknownPersona
from ion_mentoring.mentoring.answering.answer import AnswerQuestion
from ion_mentoring.mentoring.answering.values import AnswerRequest
from ion_mentoring.mentoring.warming.demand import CountedDemand
from ion_mentoring.mentoring.warming.popular import PopularQuestions
from ion_mentoring.mentoring.warming.renewals import SealedQuestions
from ion_mentoring.mentoring.warming.warm_caches import SLICE, Pace, WarmCaches, Warmed, load_questions
from ion_mentoring.telemetry.events import EventLog
from ion_mentoring.understanding.resonance.key import ALL_KEYS
from tests.caching.tiers import TIMES, far_tier, replies
from tests.fakes import Clock, DownMentor, SpyMentor
from tests.mentoring.changes import changed

QUESTION = Bilingual(ko="회의가 너무 많아요", en="I have too many meetings")


@pytest.fixture
def l2_url(valkey_port: int) -> str:
    return f"redis://127.0.0.1:{valkey_port}"


@pytest.fixture
async def instance(use_case: AnswerQuestion, l2_url: str) -> AsyncIterator[Callable[[], AnswerQuestion]]:
    """Makes another instance over the same server."""
    connection, clock = ValkeyConnection.to(l2_url, timeout_s=2), Clock()

    def made() -> AnswerQuestion:
        far = far_tier(connection, clock)
        cache = replies(connection, clock)
        popular = PopularQuestions(Popularity(far.guard, clock), SealedQuestions(Envelopes(b"secret"), clock), cache.preload)
        return replace(use_case, cache=replace(use_case.cache, tiers=cache), demand=CountedDemand(popular))

    yield made
    await connection.close()


@pytest.fixture
def warm(instance: Callable[[], AnswerQuestion], lines: list[str]) -> WarmCaches:
    return warmer(instance(), lines)


def warmer(answer: AnswerQuestion, lines: list[str], **more: Any) -> WarmCaches:
    async def at_once(_: float) -> None:
        await asyncio.sleep(0)

    far = answer.cache.tiers.l2.server if answer.cache.tiers.l2 else None
    progress = Progress(far, "warming") if far else None
    log = EventLog("warming", write=lines.append)
    usual = {
        "popular": answer.demand and answer.demand.popular,
        "progress": progress,
        "pace": Pace(budget=10_000),
        "sleep": at_once,
    }
    return WarmCaches(answer, Renewing(answer.cache.tiers), (QUESTION,), log, **{**usual, **more})


async def test_a_popular_question_is_then_answered_from_l2_for_anybody(
    warm: WarmCaches, instance: Callable[[], AnswerQuestion], spies: dict[str, SpyMentor]
) -> None:
    assert await warm("popular", ()) == Warmed(filled=2)
    asked = sum(len(spy.asked) for spy in spies.values())
    answer = await instance()(AnswerRequest(QUESTION.ko, Caller("key:somebody")))
    assert answer.cache_layer == "L2"
    assert sum(len(spy.asked) for spy in spies.values()) == asked
    assert await warm("popular", ()) == Warmed(fresh=2)


async def test_all_keys_are_filled_for_the_personas_named(warm: WarmCaches, spies: dict[str, SpyMentor]) -> None:
    assert await warm("all", ("nana",)) == Warmed(filled=2 * len(ALL_KEYS))
    assert [name for name, spy in spies.items() if spy.asked] == ["nana"]
    assert {question.key for question in spies["nana"].asked} == set(ALL_KEYS)


async def test_popular_questions_can_be_filled_for_one_persona(warm: WarmCaches, spies: dict[str, SpyMentor]) -> None:
    assert await warm("popular", ("Riri",)) == Warmed(filled=2)
    assert [name for name, spy in spies.items() if spy.asked] == ["riri"]


async def test_what_cannot_be_filled_is_counted(warm: WarmCaches, spies: dict[str, SpyMentor]) -> None:
    nobody = replace(warm, answer=changed(warm.answer, mentors=dict.fromkeys(spies, DownMentor()), last_resort={}))
    lame = {name: SpyMentor(name, degraded=("model",)) for name in spies}
    fallen_back = replace(warm, answer=changed(warm.answer, mentors=lame))
    other = Bilingual(ko="처음 보는 질문이에요", en="a question never seen before")
    for one in (nobody, fallen_back):
        assert await replace(one, questions=(other,))("popular", ()) == Warmed(refused=2)


async def test_without_an_l2_nobody_is_asked(use_case: AnswerQuestion, lines: list[str], spies: dict[str, SpyMentor]) -> None:
    warm = warmer(use_case, lines)
    assert await warm("popular", ()) == Warmed(refused=2)
    assert not any(spy.asked for spy in spies.values())


async def test_an_unknown_persona_is_refused(warm: WarmCaches) -> None:
    with pytest.raises(UnknownPersona):
        await warm("popular", ("zoe",))


def test_the_editorial_list_is_in_both_languages() -> None:
    questions = load_questions()
    assert len(questions) >= 10
    assert all(question.ko != question.en for question in questions)


async def test_what_people_ask_for_most_is_warmed_as_they_asked_it(
    instance: Callable[[], AnswerQuestion], lines: list[str], spies: dict[str, SpyMentor]
) -> None:
    router, somebody = instance(), Caller("key:somebody")
    for text, times in (("Where do I begin?", 2), ("How do I say no?", 5), ("I am John Smith, help me", 9)):
        for _ in range(times):
            await router(AnswerRequest(text, somebody, persona="elro"))
    assert router.demand
    await router.demand.popular.popularity.send()
    assert [ask.text for ask in await router.demand.popular.hottest()] == ["How do I say no?", "Where do I begin?"]
    await router.cache.tiers.invalidate("*")
    spies["elro"].asked.clear()
    assert await warmer(instance(), lines)("popular", ()) == Warmed(filled=4)
    assert {"How do I say no?", "Where do I begin?"} <= {question.text for question in spies["elro"].asked}
    assert (await instance()(AnswerRequest("How do I say no?", somebody, persona="elro"))).cache_layer == "L2"


async def test_an_instance_that_starts_has_the_hottest_near(instance: Callable[[], AnswerQuestion], lines: list[str]) -> None:
    router, somebody = instance(), Caller("key:somebody")
    await router(AnswerRequest("How do I say no?", somebody))
    assert router.demand
    await router.demand.popular.popularity.send()
    await warmer(instance(), lines)("popular", ())
    fresh = instance()
    for text in ("something new", "something newer"):
        await fresh(AnswerRequest(text, somebody))
    assert (await fresh(AnswerRequest("How do I say no?", somebody))).cache_layer == "L1"


async def test_a_run_keeps_to_its_budget_and_the_next_goes_on_where_it_ended(
    instance: Callable[[], AnswerQuestion], lines: list[str], spies: dict[str, SpyMentor]
) -> None:
    pace = Pace(budget=SLICE)
    first = await warmer(instance(), lines, pace=pace)("all", ("nana",))
    assert first == Warmed(filled=SLICE, left=2 * len(ALL_KEYS) - SLICE)
    second = await warmer(instance(), lines, pace=pace)("all", ("nana",))
    assert second == Warmed(filled=SLICE, left=2 * len(ALL_KEYS) - 2 * SLICE)
    assert len(spies["nana"].asked) == 2 * SLICE
    rest = await warmer(instance(), lines)("all", ("nana",))
    assert (rest.filled, rest.left) == (second.left, 0)
    assert (await warmer(instance(), lines)("all", ("nana",))).fresh == 2 * len(ALL_KEYS)


async def test_a_run_that_dies_is_gone_on_with(instance: Callable[[], AnswerQuestion], lines: list[str]) -> None:
    fills = 0

    async def dies(_: float) -> None:
        nonlocal fills
        fills += 1
        if fills > SLICE + 3:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await warmer(instance(), lines, sleep=dies)("all", ("nana",))
    rest = await warmer(instance(), lines)("all", ("nana",))
    assert rest.left == 0
    assert rest.filled + rest.fresh == 2 * len(ALL_KEYS) - SLICE


async def test_a_run_keeps_its_pace(instance: Callable[[], AnswerQuestion], lines: list[str]) -> None:
    now, slept = 0.0, list[float]()

    async def sleep(seconds: float) -> None:
        nonlocal now
        slept.append(seconds)
        now += seconds

    paced = warmer(instance(), lines, pace=Pace(per_minute=60), sleep=sleep, now=lambda: now)
    warmed = await paced("all", ("riri",))
    assert now >= warmed.filled - 1


async def test_one_warmer_at_a_time(instance: Callable[[], AnswerQuestion], lines: list[str]) -> None:
    one, other = warmer(instance(), lines), warmer(instance(), lines)
    assert one.progress
    async with one.progress.exclusive():
        assert await other("popular", ()) == Warmed(busy=True)
    assert await other("popular", ()) == Warmed(filled=2)


async def test_what_is_soon_too_old_is_made_anew(instance: Callable[[], AnswerQuestion], lines: list[str]) -> None:
    warm = warmer(instance(), lines)
    assert await warm("popular", ()) == Warmed(filled=2)
    assert warm.answer.demand
    warm.answer.demand.popular.popularity._now.tick(TIMES.soft_s)
    assert await warm("popular", ()) == Warmed(filled=2)


async def test_questions_that_were_sealed_under_another_secret_are_left(instance: Callable[[], AnswerQuestion]) -> None:
    answer = instance()
    assert answer.demand
    await answer.demand.popular.popularity.asked("k", lambda: "sealed by nobody")
    await answer.demand.popular.popularity.send()
    assert await answer.demand.popular.hottest() == []
