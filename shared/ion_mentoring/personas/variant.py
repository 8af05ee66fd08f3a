"""A variant of the usual way to answer: another model, card or version of the prompts, by the names that a set has for them."""

from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

NAME: Final = r"^[a-z0-9][a-z0-9_-]{0,63}$"

VariantName = Annotated[str, Field(pattern=NAME)]


class Variant(BaseModel):
    """The names of all that is another than usually: of a model of MODEL_VARIANTS, of a card, of a version of the prompts."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    model: VariantName | None = None
    card: VariantName | None = None
    prompt_version: VariantName | None = None

    @property
    def named(self) -> dict[str, str]:
        """The names of what is another, by what it is."""
        names = {"model": self.model, "card": self.card, "prompt_version": self.prompt_version}
        return {part: name for part, name in names.items() if name is not None}


def persona_of(card: str) -> str:
    """The persona whose card a variant's name stands for: `lua` of `lua-brief`."""
    return card.partition("-")[0]
