"""The generation settings of a persona's model, as data of its card: temperature, length, and what its vendor shall block."""

from typing import Annotated, Literal

from pydantic import Field

from ion_mentoring.catalogue.bilingual import Frozen

Harm = Literal["harassment", "hate_speech", "sexually_explicit", "dangerous_content"]
Block = Literal["none", "only_high", "medium_and_above", "low_and_above"]


class Generation(Frozen):
    """`max_output_tokens` bounds a whole answer, `light_output_tokens` one of the light mode; both count thinking, too.

    `block` gives a vendor's filter a threshold by kind of harm; what it does not name keeps the vendor's default.
    """

    temperature: Annotated[float, Field(ge=0, le=2)] = 0.7
    max_output_tokens: Annotated[int, Field(ge=16, le=8_192)] = 1_024
    light_output_tokens: Annotated[int, Field(ge=16, le=8_192)] = 256
    block: dict[Harm, Block] = Field(default_factory=dict)

    def output_tokens(self, *, light: bool) -> int:
        """The limit of one answer."""
        return self.light_output_tokens if light else self.max_output_tokens
