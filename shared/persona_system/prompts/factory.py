"""The builders by persona, those that programs register among them."""

from typing import ClassVar

from persona_system.library import cards
from persona_system.prompts.builders import (
    BasePromptBuilder,
    ElroPromptBuilder,
    LuaPromptBuilder,
    NanaPromptBuilder,
    RiriPromptBuilder,
)

OWN = (LuaPromptBuilder, ElroPromptBuilder, RiriPromptBuilder, NanaPromptBuilder)


class PromptBuilderFactory:
    """Makes builders by name; a card without a class of its own has the common one."""

    _builders: ClassVar[dict[str, type[BasePromptBuilder]]] = {one.persona_name: one for one in OWN}

    @classmethod
    def create(cls, persona_name: str) -> BasePromptBuilder:
        """A builder; ValueError for an unknown name."""
        known = cls._builders.get(persona_name)
        if known is not None:
            return known()
        if persona_name not in cards():
            raise ValueError(f"unknown persona {persona_name!r}; there are {', '.join(cls.get_available_personas())}")
        return BasePromptBuilder(persona_name)

    @classmethod
    def get_available_personas(cls) -> list[str]:
        """The names of all personas, in listed order, then of those that programs registered."""
        return list(dict.fromkeys((*cards(), *cls._builders)))

    @classmethod
    def register(cls, persona_name: str, builder: type[BasePromptBuilder]) -> None:
        """Makes a class the builder of a name."""
        cls._builders[persona_name] = builder
