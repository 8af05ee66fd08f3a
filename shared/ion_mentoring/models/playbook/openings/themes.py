"""The themes: subjects with stories of their own and no card, in `themes.toml`.

What reads texts has their titles from the weights of `ranking.py`; this is read where these weights are made and checked.
"""

from typing import Annotated, Final

from msgspec import Meta

from ion_mentoring.catalogue.bilingual import Bilingual, Datum
from ion_mentoring.resources import paths, read_data

THEMES: Final = "ion_mentoring/models/playbook/openings/themes.toml"


class Theme(Datum, frozen=True, kw_only=True):
    """One theme: its `id` names its file of stories, its `topic` is one that situations have."""

    id: Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]*$")]
    topic: Annotated[str, Meta(min_length=1)]
    title: Bilingual


class _Book(Datum, frozen=True, kw_only=True):
    """The data file."""

    theme: tuple[Theme, ...]


def load_themes() -> tuple[Theme, ...]:
    """All themes, in the order of their file; CardInvalid names the field that is wrong."""
    return read_data(_Book, paths(THEMES)[0]).theme
