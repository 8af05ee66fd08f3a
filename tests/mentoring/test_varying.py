"""Answers for which a variant is wanted: the router believes what the reply says, and keeps nothing that is not its own."""

from collections.abc import Callable
from typing import Any

import pytest
from msgspec.structs import replace

from ion_mentoring.experiments.assignment import Assigned, Assignment
from ion_mentoring.experiments.experiment import Arm, Scope
from ion_mentoring.mentoring.answering.answer import AnswerQuestion
from ion_mentoring.mentoring.answering.values import AnswerRequest
from ion_mentoring.mentoring.answering.variants import Variants
from ion_mentoring.mentoring.answering.varying import Varying
from ion_mentoring.models.protocol import Say
from ion_mentoring.personas.contract import PersonaRequest, Reply
from ion_mentoring.personas.prompts.other_versions import PromptVersions
from ion_mentoring.personas.roster import VARIANT_CARDS, load_roster
from ion_mentoring.personas.variant import Variant
from ion_mentoring.personas.variant_cards import VariantCards
from ion_mentoring.usage.meter import UsageMeter
from tests.fakes import DownMentor, SpyMentor

FAST, BRIEF = Variant(model="fast"), Variant(card="lua-brief")
Make = Callable[..., AnswerRequest]


class Varied(SpyMentor):
    """Answers as it is asked to, and says so, as a persona of this release does."""

    async def answer(self, question: PersonaRequest, meter: UsageMeter, say: Say | None) -> Reply:
        reply = await super().answer(question, meter, say)
        return reply.model_copy(update={"variant": question.variant})


def there(models: dict[str, str] | None = None) -> Variants:
    roster = load_roster()
    known = {"fast": "openai:quick"} if models is None else models
    return Variants(roster, "spy", known, VariantCards(roster, VARIANT_CARDS), PromptVersions(), lambda _: True)


@pytest.fixture
def router(use_case: AnswerQuestion) -> AnswerQuestion:
    return replace(use_case, varying=Varying(there))


def by(router: AnswerQuestion, **mentors: Any) -> AnswerQuestion:
    everybody = {**router.failover.mentors, **mentors}
    return replace(router, failover=replace(router.failover, mentors=everybody))


async def answered(router: AnswerQuestion, request: AnswerRequest) -> Any:
    return await router.decided(request, router.routing.decide(request), (), None)


async def test_a_persona_of_an_older_release_answers_as_usual_and_that_is_not_kept_as_the_variants(
    router: AnswerQuestion, ask: Make, spies: dict[str, SpyMentor]
) -> None:
    for number in (1, 2):
        answer = await answered(router, ask(persona="lua", variant=FAST))
        assert (answer.content, answer.variant, answer.variant_failed) == (f"lua says {number}", None, False)
        assert answer.degraded == ("variant",)
    assert [one.variant for one in spies["lua"].asked] == [FAST, FAST]


async def test_the_variants_answer_is_kept_apart_from_the_usual_one(router: AnswerQuestion, ask: Make) -> None:
    router = by(router, lua=Varied("lua"))
    plain = await answered(router, ask(persona="lua"))
    varied = [await answered(router, ask(persona="lua", variant=variant)) for variant in (FAST, BRIEF, FAST, BRIEF)]
    again = await answered(router, ask(persona="lua"))
    assert [one.content for one in varied] == ["lua says 2", "lua says 3", "lua says 2", "lua says 3"]
    assert [one.variant for one in varied] == [FAST, BRIEF, FAST, BRIEF]
    assert (again.content, again.variant, again.cache_layer) == (plain.content, None, "L1")
    assert (varied[1].persona.version, plain.persona.version) == (6, load_roster()["lua"].version)


async def test_the_usual_address_is_that_of_a_set_without_variants(router: AnswerQuestion, ask: Make) -> None:
    request = ask(persona="lua")
    decision = router.routing.decide(request)
    question = router.question(request, decision, ())
    keys = {one.address(request, decision, question).key for one in (router, replace(router, varying=None))}
    assert keys == {router.cache.address(request, decision, question).key}


async def test_a_name_that_stands_for_another_model_has_another_address(router: AnswerQuestion, ask: Make) -> None:
    later = replace(router, varying=Varying(lambda: there({"fast": "openai:quicker"})))
    request = ask(persona="lua", variant=FAST)
    decision = router.routing.decide(request)
    first, second = (one.address(request, decision, one.question(request, decision, ())).key for one in (router, later))
    assert first != second


async def test_what_the_set_does_not_have_is_answered_as_usual_and_is_a_failure(router: AnswerQuestion, ask: Make) -> None:
    answer = await answered(router, ask(persona="lua", variant=Variant(model="gone")))
    assert (answer.content, answer.degraded, answer.variant_failed) == ("lua says 1", ("variant",), True)


async def test_who_stands_in_is_not_asked_for_the_variant(
    router: AnswerQuestion, ask: Make, spies: dict[str, SpyMentor]
) -> None:
    answer = await answered(by(router, lua=DownMentor()), ask(persona="lua", variant=FAST))
    assert answer.persona.id != "lua"
    assert spies[answer.persona.id].asked[0].variant is None
    assert (answer.degraded, answer.variant) == (("variant", "persona"), None)


async def test_a_card_is_met_in_its_personas_answers_and_no_arm_where_no_vendor_may_be_asked(
    router: AnswerQuestion, ask: Make
) -> None:
    card = Assignment("one", 1, Arm("other", card="lua-brief"), "card", Scope(), "lua-brief")
    usual = replace(card, arm=Arm("usual"))
    weights = Assignment("two", 1, Arm("usual"), "weights", Scope())
    for arm in (card, usual):
        met = Assigned((arm, weights))
        asked = {persona: ask(persona=persona, assigned=met) for persona in ("lua", "elro")}
        assert router.routing.decide(asked["lua"]).arms == (arm,)
        assert router.routing.decide(asked["elro"]).arms == ()
        assert router.routing.decide(replace(asked["lua"], vendors=False)).arms == ()
        assert router.routing.decide(asked["lua"], caring=True).arms == ()


async def test_what_a_budget_reserves_is_for_the_variants_own_prompt(router: AnswerQuestion, ask: Make) -> None:
    question = PersonaRequest(text="hi", key=router.routing.decide(ask()).key, language="ko")
    lua = load_roster()["lua"]
    usual, brief = (router._most_tokens(lua, question.model_copy(update={"variant": one})) for one in (None, BRIEF))
    assert usual != brief
