"""A mentor that also answers as variants: built when first asked for, replaced where they fail, told apart in each piece."""

from collections.abc import Callable
from typing import Any

import pytest

from ion_mentoring.errors import ModelUnavailable
from ion_mentoring.mentoring.answering.mentor import LocalMentor
from ion_mentoring.mentoring.answering.variant_mentor import VariantMentor
from ion_mentoring.models.fallback import FallbackModels
from ion_mentoring.models.protocol import Delta, Model, Started
from ion_mentoring.personas.contract import PersonaRequest
from ion_mentoring.personas.roster import VARIANT_CARDS, load_roster
from ion_mentoring.personas.variant import Variant
from ion_mentoring.settings.models import ModelChoice
from ion_mentoring.telemetry.events import EventLog
from ion_mentoring.understanding.resonance.key import DEFAULT_KEY
from ion_mentoring.usage.meter import ModelCall, Usage, UsageMeter
from ion_mentoring.wiring import variants
from ion_mentoring.wiring.variants import building
from tests.fakes import BrokenModel, ScriptedModel
from tests.listening import pieces

FAST, BRIEF, SHORT = Variant(model="fast"), Variant(card="lua-brief"), Variant(prompt_version="3")
CHOICE = ModelChoice.read({"MODEL_VARIANTS": "fast=openai:quick", "MODEL_VARIANTS_URL": "http://127.0.0.1:1/v1"})

Make = Callable[..., VariantMentor]


class Noting(ScriptedModel):
    """Says its name, and notes the instructions that it was given."""

    def __init__(self, name: str) -> None:
        self.told: list[str] = []
        super().__init__(lambda prompt: self.told.append(prompt.system) or f"{name} speaks", name)  # type: ignore[func-returns-value]


@pytest.fixture
def lines() -> list[str]:
    return []


@pytest.fixture
def make(monkeypatch: pytest.MonkeyPatch, lines: list[str]) -> Make:
    def made(*usual: Model, fast: Model | None = None) -> VariantMentor:
        log = EventLog("test", lines.append)
        if fast:
            monkeypatch.setattr(variants, "varied", lambda *_: fast)
        roster = load_roster()
        models = usual or (Noting("usual"),)
        mentor = LocalMentor(roster["lua"], FallbackModels(models[0].name, models, log))
        return VariantMentor(mentor, building(roster, VARIANT_CARDS, CHOICE, {}, log), log)

    return made


async def asked(mentor: VariantMentor, variant: Variant | None, *, streaming: bool = False) -> list[Any]:
    question = PersonaRequest(text="hi", key=DEFAULT_KEY, variant=variant)
    return [part async for part in pieces(mentor, question, UsageMeter(), streaming=streaming)]


async def test_nothing_is_built_for_who_is_answered_as_usual(make: Make) -> None:
    mentor = make()
    (reply,) = await asked(mentor, None)
    assert (reply.content, reply.variant, reply.variant_failed) == ("usual speaks", None, False)
    assert mentor._built == {}
    for _ in range(2):
        await asked(mentor, BRIEF)
    assert list(mentor._built) == [BRIEF]


@pytest.mark.parametrize("streaming", [False, True])
async def test_another_model_answers_and_each_piece_says_so(make: Make, streaming: bool) -> None:
    *said, reply = await asked(make(fast=Noting("openai:quick")), FAST, streaming=streaming)
    assert (reply.content, reply.model, reply.variant) == ("openai:quick speaks", "openai:quick", FAST)
    assert (reply.degraded, reply.variant_failed, len(reply.spent)) == ((), False, 1)
    assert said == ([Delta("openai:quick ", varied=True), Delta("speaks", varied=True)] if streaming else [])


async def test_a_model_that_breaks_off_is_replaced_in_the_same_answer_and_both_are_paid_for(make: Make) -> None:
    class Cut(BrokenModel):
        async def answer(self, prompt: Any, meter: UsageMeter, say: Any) -> Any:
            meter.add((ModelCall("openai:quick", Usage(7, 1)),))
            return await super().answer(prompt, meter, say)

    *said, reply = await asked(make(fast=Cut(after=["half "], name="openai:quick")), FAST, streaming=True)
    assert said == [Delta("half ", varied=True), Started(), Delta("usual "), Delta("speaks")]
    assert (reply.content, reply.variant, reply.variant_failed) == ("usual speaks", None, True)
    assert [call.model for call in reply.spent] == ["openai:quick", "usual"]


async def test_a_variant_that_nobody_has_is_told_and_answered_as_usual(make: Make, lines: list[str]) -> None:
    for variant in (Variant(card="lua-loud"), Variant(prompt_version="9"), Variant(model="slow"), Variant(card="elro-brief")):
        (reply,) = await asked(make(), variant)
        assert (reply.content, reply.variant, reply.variant_failed) == ("usual speaks", None, True)
    assert "".join(lines).count("variant_not_built") == 4


async def test_a_model_that_cannot_be_reached_is_the_variants_failure(make: Make, lines: list[str]) -> None:
    (reply,) = await asked(make(), FAST)
    assert (reply.content, reply.variant_failed) == ("usual speaks", True)
    assert "variant_replaced" in "".join(lines)


async def test_another_card_and_other_prompts_are_told_to_the_usual_model(make: Make) -> None:
    usual = Noting("usual")
    mentor = make(usual)
    for variant in (None, BRIEF, SHORT):
        (reply,) = await asked(mentor, variant)
        assert reply.variant == variant
    plain, brief, short = usual.told
    assert ("Four sentences at most" in brief, "rather briefly" in short) == (True, True)
    assert ("Four sentences at most" in plain, "rather briefly" in plain) == (False, False)
    assert brief.splitlines()[1:] == plain.splitlines()[1:], "the rules for all stay"


async def test_a_vendor_that_is_away_is_no_fault_of_the_prompts_that_it_did_not_read(make: Make) -> None:
    away, book = BrokenModel(ModelUnavailable("away"), name="openai:usual"), Noting("playbook")
    *said, reply = await asked(make(away, book), SHORT, streaming=True)
    assert (reply.variant, reply.variant_failed, reply.degraded) == (None, False, ("model",))
    assert not any(one.varied for one in said)
    *said, reply = await asked(make(away, book), BRIEF, streaming=True)
    assert (reply.variant, reply.degraded) == (BRIEF, ("model",)), "which the playbook reads, too"
    assert all(one.varied for one in said)
