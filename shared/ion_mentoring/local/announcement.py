"""The first lines of a local set: who is let in, where to look, and how to ask."""

import json
from collections.abc import Iterator

from ion_mentoring.catalogue.texts import localized

LANGUAGES = ("ko", "en")


def announcement(here: str, *, laptop: bool, topics: str | None) -> str:
    """The announcement of a set at the URL `here` once it listens; `topics` is where messages are published, if they can be."""
    places = {"page": f"{here}/", "contract": f"{here}/docs", "health": f"{here}/api/v2/health"}
    if topics:
        places["topics"] = topics
    lines = [
        *((localized("local.open", language) for language in LANGUAGES) if laptop else ()),
        "",
        "ION Mentoring is ready.",
        "",
        *(f"  {name:<10}{place}" for name, place in places.items()),
        *(line for language in LANGUAGES for line in _asking(here, language)),
        "",
        "Ctrl-C stops it, after the requests under way have ended.",
        "",
    ]
    return "\n".join(lines)


def _asking(here: str, language: str) -> Iterator[str]:
    body = json.dumps({"user_input": localized("local.question", language)}, ensure_ascii=False)
    yield f"\n  {localized('local.ask', language)}:"
    yield f"  curl -s {here}/api/v2/process -H 'content-type: application/json' -d '{body}'"
