"""The file of what is said to somebody in danger: its fields, as answers.toml has them."""

from typing import Annotated, Literal

from pydantic import Field

from ion_mentoring.catalogue.bilingual import Bilingual, Frozen
from ion_mentoring.understanding.safety.danger import Audience, Kind
from ion_mentoring.understanding.safety.later.reader import Later

Texts = Annotated[tuple[str, ...], Field(min_length=1)]


class Several(Frozen):
    """Texts in the order in which they are said, in both languages; as many in each."""

    ko: Texts
    en: Texts

    def in_(self, language: str) -> tuple[str, ...]:
        """The texts for a language code."""
        return self.ko if language == "ko" else self.en


class First(Frozen):
    """The first answer to one kind of danger, by whom it is about."""

    self_: Annotated[Bilingual, Field(alias="self")]
    minor: Bilingual | None = None
    other: Bilingual | None = None
    young: Bilingual | None = None


class Again(Frozen):
    """Texts for what comes again, for a child and for anybody else."""

    self_: Annotated[Several, Field(alias="self")]
    minor: Several


class Care(Frozen):
    """The caring questions of the unsure tier, and the word before the line after a faint one."""

    lead: Bilingual
    question: dict[str, Bilingual]


ByGroup = dict[Literal["self_harm", "violence", "harm_others", "other"], Several]


class Book(Frozen):
    """The data file."""

    first: dict[Kind, First]
    next: dict[Audience | Literal["minor", "young", "eating"], Several]
    phone: Bilingual
    urgent: Bilingual
    safe: ByGroup
    misheard: Bilingual
    corrected: Bilingual
    begun: ByGroup
    hurt: Several
    about_lines: Several
    what_now: dict[Audience | Literal["eating"], Several]
    refused: Several
    goodbye: Several
    again: dict[Literal["question", "matter", "mute"], Again]
    spent: Bilingual
    back: Bilingual
    called_out: Bilingual
    needs: dict[Literal["self_harm", "violence", "harm_others", "other", "minor"], Bilingual]
    listening: First
    chosen: dict[Later | Literal["talk"], str]
    care: Care
