"""A vendor behind the masking is told no personal data, and whoever asked gets it back, streamed or whole."""

import json

import pytest

from ion_mentoring.models.guarded import GuardedModel
from ion_mentoring.models.masked import MaskedModel
from ion_mentoring.models.protocol import Delta, Event, Message, Model, Started
from ion_mentoring.settings.models import ModelChoice
from ion_mentoring.telemetry.events import EventLog
from ion_mentoring.usage.meter import UsageMeter
from ion_mentoring.wiring.models import models
from tests.fakes import ScriptedModel
from tests.masking.corpus import dumped, personal
from tests.models.asking import ASKED, WAYS, ask, does
from tests.models.prompts import prompt
from tests.vendors.plan import Plan
from tests.vendors.server import Vendor

NUMBER = "010-2938-4756"
MAIL = "haneul@example.com"
PERSONAL = prompt(
    f"팀장님이 {NUMBER} 으로 전화하래요. 뭐라고 하죠?",
    history=(Message("user", f"제 메일은 {MAIL} 이에요"), Message("assistant", f"네, {MAIL} 로 보낼게요.")),
)


@pytest.mark.parametrize("way", WAYS)
async def test_a_real_vendor_never_sees_them_and_the_answer_has_them(model: Model, vendor: Vendor, way: str) -> None:
    does(vendor, Plan(pieces=("먼저 [PHO", "NE_1", "] 로 인사하고", ", [email_1]", " 도 알려 주세요.")))
    completion = await ask(MaskedModel(model), way, UsageMeter(), PERSONAL)
    assert completion.text == f"먼저 {NUMBER} 로 인사하고, {MAIL} 도 알려 주세요."
    sent = dumped(vendor.requests[0].body)
    assert (NUMBER in sent, MAIL in sent) == (False, False)
    assert sent.count("[EMAIL_1]") == 2


@pytest.mark.parametrize("way", WAYS)
async def test_a_conversation_without_any_reaches_the_vendor_as_it_is(model: Model, vendor: Vendor, way: str) -> None:
    does(vendor, Plan(pieces=("see [PHONE_1]", ".")))
    await ask(model, way, UsageMeter())
    completion = await ask(MaskedModel(model), way, UsageMeter(), ASKED)
    assert completion.text == "see [PHONE_1]."
    assert vendor.requests[0].body == vendor.requests[1].body


async def test_nothing_of_the_corpus_reaches_a_model() -> None:
    told: list[str] = []
    model = MaskedModel(ScriptedModel(lambda asked: told.append(asked.question) or asked.question))
    for one in personal():
        assert (await model.answer(prompt(one.text), UsageMeter(), None)).text == one.text
        assert not one.leaks_into(told[-1])


async def test_an_answer_that_starts_over_forgets_the_half_placeholder_of_before() -> None:
    class Restarting(ScriptedModel):
        async def answer(self, asked, meter, say):  # type: ignore[no-untyped-def]
            for event in (Delta("ask [PHO"), Started(), Delta("call [PHONE_1"), Delta("] or [")):
                say(event)
            return await ScriptedModel(lambda _: "call [PHONE_1] or [").answer(asked, meter, None)

    said: list[Event] = []
    completion = await MaskedModel(Restarting(lambda _: "")).answer(PERSONAL, UsageMeter(), said.append)
    at = said.index(Started())
    assert "".join(event.text for event in said[at:] if isinstance(event, Delta)) == completion.text == f"call {NUMBER} or ["


@pytest.mark.parametrize(("setting", "masks"), [("true", True), ("false", False), (None, False)])
def test_the_setting_puts_it_before_every_vendors_model_and_not_before_the_playbook(setting: str | None, masks: bool) -> None:
    environ = {
        "MODEL": "gemini:a",
        "FALLBACK_MODEL": "openai:b",
        "FALLBACK_MODEL_URL": "http://localhost:1/v1",
        "MODEL_API_KEY": "k",
    }
    choice = ModelChoice.read({**environ, **({"MODEL_MASKING": setting} if setting else {})})
    first, second, playbook = models(choice, {}, EventLog("test", len)).models
    assert all(isinstance(one, GuardedModel) and isinstance(one.model, MaskedModel) == masks for one in (first, second))
    assert playbook.name == "playbook"
    assert json.dumps([first.name, second.name]) == '["gemini:a", "openai:b"]'
