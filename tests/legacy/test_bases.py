"""The bases of the old package, as programs derive from them."""

import pytest

from persona_system import (
    AbstractAnalyzer,
    AbstractMiddleware,
    AbstractPersona,
    AbstractPromptBuilder,
    AbstractRouter,
    AnalysisResult,
    ChatContext,
    PersonaConfig,
    PersonaResponse,
    RoutingResult,
)


class AlwaysNana(AbstractRouter):
    def route(self, resonance_key: str, context: ChatContext | None = None) -> RoutingResult:
        return RoutingResult("Nana", 1.0)


class Sena(AbstractPersona):
    def generate_system_prompt(self) -> str:
        return "세나"

    def build_user_prompt(self, user_input: str, resonance_key: str, context: ChatContext | None = None) -> str:
        return user_input


class Length(AbstractAnalyzer):
    def analyze(self, text: str) -> AnalysisResult:
        return AnalysisResult(len(text), 1.0, {"unit": "characters"})


class Shouting(AbstractMiddleware):
    def process_request(self, user_input: str, context: ChatContext | None = None) -> str:
        return user_input.upper()


def test_derived_classes_work() -> None:
    assert AlwaysNana().route("x").primary_persona == "Nana"
    assert AlwaysNana().get_available_personas() == []
    sena = Sena(PersonaConfig("Sena", ["kind"], ["ears"], "warm", [], "listens"))
    assert sena.config.name == "Sena"
    assert sena.post_process_response(" x ") == "x"
    assert Length().analyze("abc") == AnalysisResult(3, 1.0, {"unit": "characters"})
    response = PersonaResponse("x", "Lua", "k", 0.5)
    assert (Shouting().process_request("hey"), Shouting().process_response(response)) == ("HEY", response)
    assert AbstractMiddleware().process_request("hey") == "hey"


@pytest.mark.parametrize("base", [AbstractRouter, AbstractPersona, AbstractPromptBuilder, AbstractAnalyzer])
def test_a_base_alone_is_nothing(base: type) -> None:
    with pytest.raises(TypeError, match="abstract"):
        base()
