"""Short texts that a person or a model reads, by name and language, from `texts.toml`."""

from functools import cache

from ion_mentoring.catalogue.bilingual import Bilingual
from ion_mentoring.resources import paths, read_toml

TEXTS = "ion_mentoring/catalogue/texts.toml"


@cache
def _texts() -> dict[str, Bilingual]:
    return {name: Bilingual.model_validate(text) for name, text in read_toml(paths(TEXTS)[0]).items()}


def say(text: str, language: str, /, **values: object) -> str:
    """The text of that name in a language (English for any but Korean) with its slots filled; KeyError if unknown."""
    return _texts()[text].in_(language).format(**values)


def preferred(accept_language: str) -> str:
    """The language of ours that an Accept-Language header (RFC 9110, 12.5.4) puts first; English where it names none."""
    ranked: list[tuple[float, int, str]] = []
    for place, entry in enumerate(accept_language.split(",")[:20]):
        tag, _, quality = entry.partition(";q=")
        language = tag.strip().lower().split("-")[0]
        weight = quality.strip()
        if language in Bilingual.model_fields and (not weight or weight.replace(".", "", 1).isdigit()):
            ranked.append((-float(weight or 1), place, language))
    return min(ranked)[2] if ranked else "en"
