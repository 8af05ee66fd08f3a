"""The file of what is said to somebody in danger: its fields, as answers.toml has them."""

from typing import Annotated, Literal

from msgspec import Meta, field

from ion_mentoring.catalogue.bilingual import Bilingual, Datum, Several
from ion_mentoring.understanding.safety.danger import Audience, Kind
from ion_mentoring.understanding.safety.later.reader import Later

Texts = Annotated[tuple[str, ...], Meta(min_length=1)]


class First(Datum, frozen=True, kw_only=True):
    """The first answer to one kind of danger, by whom it is about."""

    self_: Bilingual = field(name="self")
    minor: Bilingual | None = None
    other: Bilingual | None = None
    young: Bilingual | None = None


class Again(Datum, frozen=True, kw_only=True):
    """Texts for what comes again, for a child and for anybody else."""

    self_: Several = field(name="self")
    minor: Several


class Care(Datum, frozen=True, kw_only=True):
    """The caring questions of the unsure tier, the word before the line after a faint one, and words where nothing fits."""

    lead: Bilingual
    question: dict[str, Bilingual]
    instead: dict[str, Bilingual]


ByGroup = dict[Literal["self_harm", "violence", "harm_others", "other", "other_violence", "other_harm"], Several]


class Book(Datum, frozen=True, kw_only=True):
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
    unanswered: Several
    spent: Bilingual
    back: Bilingual
    called_out: Bilingual
    needs: dict[Literal["self_harm", "violence", "harm_others", "other", "minor"], Bilingual]
    listening: First
    chosen: dict[Later | Literal["talk"], str]
    care: Care
