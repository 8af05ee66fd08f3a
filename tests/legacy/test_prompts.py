"""The personas and prompt builders of the old package."""

from typing import Any

import pytest

from persona_system import (
    AbstractPersona,
    AbstractPromptBuilder,
    BasePromptBuilder,
    ChatContext,
    ElroPersona,
    ElroPromptBuilder,
    LuaPersona,
    LuaPromptBuilder,
    NanaPersona,
    NanaPromptBuilder,
    PromptBuilderFactory,
    RiriPersona,
    RiriPromptBuilder,
    Tone,
)

KEY = "frustrated-burst-seek_advice"
PERSONAS = {"Lua": LuaPersona, "Elro": ElroPersona, "Riri": RiriPersona, "Nana": NanaPersona}
BUILDERS = {"Lua": LuaPromptBuilder, "Elro": ElroPromptBuilder, "Riri": RiriPromptBuilder, "Nana": NanaPromptBuilder}
WAYS = {"Lua": ("공감", "창의"), "Elro": ("논리", "체계"), "Riri": ("분석", "데이터"), "Nana": ("협력", "프로세스")}
FIELDS = ("{system_prompt}", "{user_input}", "{tone}", "{pace}", "{intent}", "{context}", "{history}")


def context_of(messages: int = 0, **custom: Any) -> ChatContext:
    context = ChatContext("user-7", "session-7", custom_context=custom)
    for number in range(messages):
        context.add_message("assistant" if number % 2 else "user", f"message-{number}")
    return context


@pytest.mark.parametrize("name", PERSONAS)
def test_a_persona_is_configured(name: str) -> None:
    persona = PERSONAS[name]()
    assert isinstance(persona, AbstractPersona)
    assert persona.config.name == name
    assert persona.config.traits
    assert persona.config.strengths
    assert all(isinstance(tone, Tone) for tone in persona.config.preferred_tones)


@pytest.mark.parametrize("name", PERSONAS)
def test_prompts_name_the_persona_and_its_way(name: str) -> None:
    persona = PERSONAS[name]()
    system, prompt = persona.generate_system_prompt(), persona.build_user_prompt("회의가 너무 길어요", KEY)
    for word in (name, *WAYS[name]):
        assert word in system
        assert word in prompt
    assert "회의가 너무 길어요" in prompt


def test_a_response_is_stripped() -> None:
    assert LuaPersona().post_process_response("  좋아요.\n") == "좋아요."
    assert NanaPersona().post_process_response("x ", {"any": "thing"}) == "x"


@pytest.mark.parametrize("name", BUILDERS)
def test_a_builder_has_its_parts(name: str) -> None:
    builder = BUILDERS[name]()
    assert isinstance(builder, BasePromptBuilder)
    assert isinstance(builder, AbstractPromptBuilder)
    assert builder.persona_name == name
    assert builder.system_prompt == builder.get_system_prompt()
    assert all(field in builder.get_template() for field in FIELDS)


def test_templates_have_their_own_way() -> None:
    assert "1." in ElroPromptBuilder().get_template()
    assert "2." in ElroPromptBuilder().get_template()
    assert "데이터" in RiriPromptBuilder().get_template()
    assert "패턴" in RiriPromptBuilder().get_template()
    assert "팀" in NanaPromptBuilder().get_template()


@pytest.mark.parametrize("name", BUILDERS)
def test_a_prompt_without_context_says_so(name: str) -> None:
    prompt = BUILDERS[name]().build("도와주세요", KEY)
    for part in ("도와주세요", "frustrated", "burst", "seek_advice", "No additional context", "No previous messages"):
        assert part in prompt


def test_a_prompt_has_the_user_and_the_last_three_messages() -> None:
    prompt = LuaPromptBuilder().build("다음은?", KEY, context_of(5))
    assert "User ID: user-7" in prompt
    assert "No additional context" not in prompt
    assert "User: message-2\nAssistant: message-3\nUser: message-4" in prompt
    assert "message-1" not in prompt


def test_a_context_without_history_says_so() -> None:
    assert "No previous messages" in LuaPromptBuilder().build("다음은?", KEY, context_of())


@pytest.mark.parametrize("text", ["{user_input}", "{0}", "{", "}", "{{x}}", "%s", ""])
def test_braces_in_a_text_stay_as_they_are(text: str) -> None:
    context = context_of(1, note=text)
    context.add_message("user", text)
    assert text in LuaPromptBuilder().build(text, KEY, context)


def test_a_light_prompt_is_compact() -> None:
    context = context_of(4, running_summary="지금까지의 요약입니다", project="ION")
    prompt = ElroPromptBuilder().build("다음은?", KEY, context, mode="summary_light", options={"any": 1})
    assert "지금까지의 요약입니다" in prompt
    assert prompt.count("지금까지의 요약입니다") == 1
    assert "User: message-2\nAssistant: message-3" in prompt
    assert "message-1" not in prompt
    assert "3" in prompt
    assert "80" in prompt
    assert len(prompt) < len(ElroPromptBuilder().build("다음은?", KEY, context))


def test_a_light_prompt_needs_no_context() -> None:
    prompt = LuaPromptBuilder().build("다음은?", KEY, mode="summary_light")
    assert "No previous messages" in prompt
    assert "다음은?" in prompt


def test_a_context_may_hold_anything() -> None:
    context = ChatContext("u", "s", message_history=["x", None, {"role": "user"}], custom_context=None)  # type: ignore[list-item, arg-type]
    assert "User: \n" in LuaPromptBuilder().build("안녕", KEY, context)
    context.message_history = None  # type: ignore[assignment]
    assert "No previous messages" in LuaPromptBuilder().build("안녕", KEY, context, mode="summary_light")


def test_helpers_are_static() -> None:
    assert BasePromptBuilder._parse_resonance_key("calm-medium-learning") == ("calm", "medium", "learning")
    assert BasePromptBuilder._parse_resonance_key("x") == ("calm", "medium", "learning")
    assert BasePromptBuilder._build_context(None, "calm", "medium", "learning") == "No additional context"
    assert "User ID: user-7" in BasePromptBuilder._build_context(context_of(), "calm", "medium", "learning")
    assert BasePromptBuilder._build_history(None) == "No previous messages"
    assert BasePromptBuilder._build_history(context_of(1)) == "User: message-0"


def test_the_factory_makes_builders_by_name() -> None:
    assert PromptBuilderFactory.get_available_personas() == list(BUILDERS)
    for name, builder in BUILDERS.items():
        assert isinstance(PromptBuilderFactory.create(name), builder)


@pytest.mark.parametrize("name", ["Unknown", "", "lua", None])
def test_the_factory_refuses_an_unknown_name(name: Any) -> None:
    with pytest.raises(ValueError, match="persona"):
        PromptBuilderFactory.create(name)


class SenaPromptBuilder(BasePromptBuilder):
    """As a program of then derived one."""

    def __init__(self) -> None:
        super().__init__("Sena", "당신은 세나입니다.")

    def get_template(self) -> str:
        return "{system_prompt} :: {user_input} :: {history}"


@pytest.fixture
def _sena(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PromptBuilderFactory, "_builders", dict(PromptBuilderFactory._builders))
    PromptBuilderFactory.register("Sena", SenaPromptBuilder)


@pytest.mark.usefixtures("_sena")
def test_a_program_registers_its_own_builder() -> None:
    assert "Sena" in PromptBuilderFactory.get_available_personas()
    assert PromptBuilderFactory.create("Sena").build("안녕", KEY) == "당신은 세나입니다. :: 안녕 :: No previous messages"


def test_a_card_without_a_builder_of_its_own_has_the_common_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PromptBuilderFactory, "_builders", {})
    builder = PromptBuilderFactory.create("Lua")
    assert (type(builder), builder.persona_name) == (BasePromptBuilder, "Lua")
    assert "루아" in builder.build("안녕", KEY)


def test_a_builder_of_an_unknown_name_is_empty_and_works() -> None:
    builder = BasePromptBuilder("Nobody")
    assert builder.get_system_prompt() == ""
    assert "안녕" in builder.build("안녕", KEY)
