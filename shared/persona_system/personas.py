"""The personas of the old package, each the card of its name."""

from collections.abc import Mapping
from typing import ClassVar

from ion_mentoring.personas.card import Card
from persona_system.base import AbstractPersona
from persona_system.library import card_named, cards
from persona_system.models import ChatContext, PersonaConfig
from persona_system.prompts import PromptBuilderFactory

__all__ = ["ElroPersona", "LuaPersona", "NanaPersona", "RiriPersona", "all_personas"]


class CardPersona(AbstractPersona):
    """A persona whose card bears `named`, or the name that it is given."""

    named: ClassVar[str] = ""

    def __init__(self, name: str = "") -> None:
        super().__init__(_config(card_named(name or self.named)))
        self._builder = PromptBuilderFactory.create(self.config.name)

    def generate_system_prompt(self) -> str:
        """The instruction of the persona, in Korean."""
        return self._builder.get_system_prompt()

    def build_user_prompt(self, user_input: str, resonance_key: str, context: ChatContext | None = None) -> str:
        """The prompt around one text of a user, in Korean."""
        return self._builder.build(user_input, resonance_key, context)


class LuaPersona(CardPersona):
    """Lua: empathy and creativity."""

    named = "Lua"


class ElroPersona(CardPersona):
    """Elro: logic and structure."""

    named = "Elro"


class RiriPersona(CardPersona):
    """Riri: analysis and data."""

    named = "Riri"


class NanaPersona(CardPersona):
    """Nana: cooperation and process."""

    named = "Nana"


KNOWN: Mapping[str, type[CardPersona]] = {one.named: one for one in (LuaPersona, ElroPersona, RiriPersona, NanaPersona)}


def all_personas() -> dict[str, AbstractPersona]:
    """A persona for each card, by name, in listed order."""
    return {name: KNOWN.get(name, CardPersona)(name) for name in cards()}


def _config(card: Card) -> PersonaConfig:
    return PersonaConfig(
        name=card.name.en,
        traits=list(card.traits.en),
        strengths=list(card.strengths),
        prompt_style=card.prompt.style,
        preferred_tones=list(card.preferred_tones),
        description=card.description.en,
    )
