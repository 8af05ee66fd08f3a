"""One answer: who gives it, from where, and what is said when something is down."""

import asyncio
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from ion_mentoring.access.caller import Caller
from ion_mentoring.caching import normal_form
from ion_mentoring.errors import PersonaUnavailable, UnknownPersona
from ion_mentoring.mentoring.answering.answer import AnswerQuestion
from ion_mentoring.mentoring.answering.values import AnswerRequest
from ion_mentoring.models.protocol import Message, Usage
from ion_mentoring.understanding.resonance.key import ResonanceKey
from ion_mentoring.wiring.stores import stores
from tests.caching.tiers import TIMES
from tests.fakes import Clock, DownConversations, DownMentor, SpyMentor
from tests.mentoring.changes import changed

LUAS = ResonanceKey.parse("frustrated-burst-advice")
Make = Callable[..., AnswerRequest]
Spies = dict[str, SpyMentor]


async def test_the_best_persona_is_asked_and_no_other(use_case: AnswerQuestion, spies: Spies, ask: Make) -> None:
    answer = await use_case(ask(key=LUAS))
    assert answer.persona.id == "lua"
    assert [name for name, spy in spies.items() if spy.asked] == ["lua"]
    assert spies["lua"].asked[0].key == LUAS
    assert answer.usage == Usage(10, 20)


async def test_a_cached_answer_wakes_nobody_and_costs_nothing(use_case: AnswerQuestion, spies: Spies, ask: Make) -> None:
    first, second = await use_case(ask(key=LUAS)), await use_case(ask(key=LUAS))
    assert (first.cache_layer, second.cache_layer) == (None, "L1")
    assert second.content == first.content
    assert second.usage == Usage()
    assert len(spies["lua"].asked) == 1


async def test_an_entry_is_stale_before_its_time_is_over_and_it_is_asked_again(
    use_case: AnswerQuestion, ask: Make, clock: Clock
) -> None:
    await use_case(ask(key=LUAS))
    clock.tick(TIMES.soft_s)
    stale = await use_case(ask(key=LUAS))
    assert (stale.cache_layer, stale.stale) == ("L1", True)
    clock.tick(TIMES.hard_s - TIMES.soft_s)
    assert (await use_case(ask(key=LUAS))).cache_layer is None


async def test_thirty_who_ask_the_same_at_once_are_one_question(use_case: AnswerQuestion, spies: Spies, ask: Make) -> None:
    answers = await asyncio.gather(*(use_case(ask(key=LUAS)) for _ in range(30)))
    assert {answer.content for answer in answers} == {"lua says 1"}
    assert len(spies["lua"].asked) == 1


@pytest.mark.parametrize(
    "other",
    [
        {"text": "hello you"},
        {"key": ResonanceKey.parse("frustrated-slow-advice")},
        {"persona": "elro"},
        {"language": "ko"},
        {"mode": "summary_light"},
        {"history": (Message("user", "before"),)},
        {"session_id": "s", "history": (Message("user", "before"),)},
    ],
)
async def test_whatever_decides_the_text_decides_the_key(use_case: AnswerQuestion, ask: Make, other: dict[str, object]) -> None:
    first = await use_case(ask(**{"key": LUAS}))
    assert (await use_case(ask(**{"key": LUAS, **other}))).address != first.address


async def test_a_card_or_prompt_of_another_version_is_another_key(use_case: AnswerQuestion, ask: Make) -> None:
    asked = ask(key=LUAS)
    decision = use_case.routing.decide(asked)
    question = use_case.question(asked, decision, ())
    card = decision.persona
    newer = card.model_copy(update={"version": card.version + 1})
    reworded = card.model_copy(update={"prompt": card.prompt.model_copy(update={"version": 99})})
    keys = {use_case.cache.address(asked, replace(decision, persona=one), question).key for one in (card, newer, reworded)}
    assert len(keys) == 3


@pytest.mark.parametrize("text", ["mail me at kim@example.com", "my name is Kim", "call 010-1234-5678", "제 이름은 김민수예요"])
async def test_a_personal_text_is_kept_to_its_own_user(use_case: AnswerQuestion, ask: Make, text: str) -> None:
    mine = await use_case(ask(text, key=LUAS, user_id="u1"))
    again = await use_case(ask(text, key=LUAS, user_id="u1"))
    other = await use_case(ask(text, key=LUAS, user_id="u2"))
    stranger = await use_case(AnswerRequest(text, Caller("key:other"), key=LUAS, user_id="u1"))
    assert again.cache_layer == "L1"
    assert len({mine.address, other.address, stranger.address}) == 3


async def test_an_impersonal_text_is_shared(use_case: AnswerQuestion, ask: Make) -> None:
    await use_case(ask("how do tests help?", key=LUAS, user_id="u1"))
    assert (await use_case(AnswerRequest("How do tests help?", Caller("key:other"), key=LUAS))).cache_layer == "L1"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("How do I explain to my team that 2⁵ servers are needed?", "How do I explain to my team that 25 servers are needed?"),
        ("Why is `name` not defined when I wrote `Name = 1`?", "Why is `Name` not defined when I wrote `name = 1`?"),
        ("What does \\S match?", "What does \\s match?"),
        ("Is 100 Mb enough?", "Is 100 MB enough?"),
        ("Is this right?\nfor x in y:\n    a()\n    b()", "Is this right?\nfor x in y:\n    a()\nb()"),
    ],
)
async def test_two_questions_never_share_one_answer(
    use_case: AnswerQuestion, spies: Spies, ask: Make, one: str, other: str
) -> None:
    for question in (one, other):
        assert (await use_case(ask(question, key=LUAS))).cache_layer is None
    assert [question.text for question in spies["lua"].asked] == [one, other]


async def test_one_question_in_another_spelling_has_the_answer_that_is_known(use_case: AnswerQuestion, ask: Make) -> None:
    await use_case(ask("How do I  ask for a raise?", key=LUAS))
    assert (await use_case(ask("how do i ask for a raise", key=LUAS))).cache_layer == "L1"


async def test_a_normal_form_of_another_version_is_another_key(
    use_case: AnswerQuestion, ask: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    await use_case(ask(key=LUAS))
    monkeypatch.setattr(normal_form, "VERSION", "next")
    assert (await use_case(ask(key=LUAS))).cache_layer is None


async def test_a_key_holds_nothing_of_the_text(use_case: AnswerQuestion, ask: Make) -> None:
    assert "secret" not in str((await use_case(ask("secretword", key=LUAS))).address)


async def test_when_a_persona_is_down_the_next_best_answers_and_says_so(
    use_case: AnswerQuestion, spies: Spies, ask: Make
) -> None:
    lame = changed(use_case, mentors={**spies, "lua": DownMentor()})
    answer = await lame(ask(key=LUAS))
    assert answer.persona.id == "riri"
    assert answer.degraded == ("persona",)
    assert "Lua cannot answer right now, so Riri answers" in answer.reasoning
    assert (await lame(ask(key=LUAS))).cache_layer is None, "what stood in for another is not kept"


async def test_a_chosen_persona_that_is_down_is_replaced_by_the_best(use_case: AnswerQuestion, spies: Spies, ask: Make) -> None:
    answer = await changed(use_case, mentors={**spies, "nana": DownMentor()})(ask(key=LUAS, persona="nana"))
    assert answer.persona.id == "lua"
    assert answer.decision.persona.id == "nana"


async def test_with_everybody_down_the_playbook_answers_in_the_chosen_ones_name(
    use_case: AnswerQuestion, spies: Spies, ask: Make
) -> None:
    down = changed(use_case, mentors=dict.fromkeys(spies, DownMentor(7)))
    answer = await down(ask(key=LUAS))
    assert answer.persona.id == "lua"
    assert answer.degraded == ("persona", "model")
    assert (await down(ask(key=LUAS))).cache_layer is None


async def test_with_nobody_at_all_the_caller_is_told_when_to_come_back(
    use_case: AnswerQuestion, spies: Spies, ask: Make
) -> None:
    nobody = dict.fromkeys(spies, DownMentor(7))
    with pytest.raises(PersonaUnavailable) as raised:
        await changed(use_case, mentors=nobody, last_resort=nobody)(ask())
    assert raised.value.retry_after_s == 7


async def test_a_degraded_reply_is_not_kept(use_case: AnswerQuestion, spies: Spies, ask: Make) -> None:
    lame = changed(use_case, mentors={**spies, "lua": SpyMentor("lua", degraded=("model",))})
    assert (await lame(ask(key=LUAS))).degraded == ("model",)
    assert (await lame(ask(key=LUAS))).cache_layer is None


async def test_an_unknown_persona_is_refused(use_case: AnswerQuestion, ask: Make) -> None:
    with pytest.raises(UnknownPersona):
        await use_case(ask(persona="zoe"))


async def test_a_session_is_remembered_in_order(use_case: AnswerQuestion, spies: Spies, ask: Make) -> None:
    await use_case(ask("one", key=LUAS, session_id="s"))
    await use_case(ask("two", key=LUAS, session_id="s"))
    contents = [message.content for message in spies["lua"].asked[1].history]
    assert contents == ["one", "lua says 1"]


async def test_history_that_the_caller_sends_wins_over_ours(use_case: AnswerQuestion, spies: Spies, ask: Make) -> None:
    await use_case(ask("one", key=LUAS, session_id="s"))
    await use_case(ask("two", key=LUAS, session_id="s", history=(Message("user", "theirs"),)))
    assert [message.content for message in spies["lua"].asked[1].history] == ["theirs"]


async def test_another_callers_session_of_the_same_name_is_another(use_case: AnswerQuestion, spies: Spies, ask: Make) -> None:
    await use_case(ask("mine", key=LUAS, session_id="s", user_id="u"))
    await use_case(AnswerRequest("theirs", Caller("key:other"), key=LUAS, session_id="s", user_id="u"))
    assert spies["lua"].asked[1].history == ()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(st.lists(st.tuples(st.sampled_from(["u1", "u2"]), st.sampled_from(["s1", "s2"])), min_size=2, max_size=12))
async def test_a_persona_never_hears_what_another_user_or_session_said(
    use_case: AnswerQuestion, ask: Make, turns: list[tuple[str, str]]
) -> None:
    spies = {persona: SpyMentor(persona) for persona in use_case.routing.roster}
    fresh = changed(use_case, mentors=spies, conversations=stores("sqlite:///:memory:").conversations)
    for number, (user, session) in enumerate(turns):
        mark = f"{user}-{session}"
        await fresh(ask(f"{mark} said {number}", key=LUAS, user_id=user, session_id=session, use_cache=False))
        question = spies["lua"].asked[-1]
        said = [message.content for message in question.history if message.role == "user"]
        assert said == [f"{mark} said {place}" for place, turn in enumerate(turns[:number]) if turn == (user, session)]


async def test_without_a_memory_answers_go_on_and_say_so(use_case: AnswerQuestion, ask: Make, lines: list[str]) -> None:
    forgetful = changed(use_case, conversations=DownConversations())
    answer = await forgetful(ask(key=LUAS, session_id="s"))
    assert answer.content == "lua says 1"
    assert answer.degraded == ("memory",)
    assert [line for line in lines if "memory_unread" in line]
    assert [line for line in lines if "memory_unwritten" in line]


async def test_without_a_session_the_memory_is_left_alone(use_case: AnswerQuestion, ask: Make) -> None:
    assert (await changed(use_case, conversations=DownConversations())(ask())).degraded == ()


async def test_danger_is_answered_before_any_persona_is_asked(use_case: AnswerQuestion, spies: Spies, ask: Make) -> None:
    answer = await use_case(ask("요즘 너무 힘들어서 죽고 싶어요", session_id="s"))
    assert answer.safety == "suicide"
    assert "109" in answer.content
    assert answer.persona.id == "lua"
    assert not any(spy.asked for spy in spies.values())


async def test_nothing_that_was_said_stands_in_the_log(
    use_case: AnswerQuestion, spies: Spies, ask: Make, lines: list[str]
) -> None:
    lame = changed(use_case, mentors={**spies, "lua": DownMentor()}, conversations=DownConversations())
    await lame(ask("confidential matter", key=LUAS, session_id="my-session", user_id="my-user"))
    await lame(ask("confidential: I want to die"))
    assert lines
    for word in ("confidential", "my-session", "my-user"):
        assert not any(word in line for line in lines)
