"""The first lines of a local set: who is let in, where to look, and how to ask."""

import json
from collections.abc import Iterator

from ion_mentoring.catalogue.texts import localized

LANGUAGES = ("ko", "en")
DEFAULT = "http://localhost:8080"  # where the command line looks by itself


def announcement(here: str, *, laptop: bool, topics: str | None, program: str | None = None) -> str:
    """The announcement of a set at the URL `here` once it listens.

    `topics` is where messages are published, if they can be; `program` is the path of the command line, if it is installed.
    """
    places = {"page": f"{here}/", "contract": f"{here}/docs", "health": f"{here}/api/v2/health"}
    if topics:
        places["topics"] = topics
    lines = [
        *((localized("local.open", language) for language in LANGUAGES) if laptop else ()),
        "",
        "ION Mentoring is ready.",
        "",
        *(f"  {name:<10}{place}" for name, place in places.items()),
        *(line for language in LANGUAGES for line in _asking(here, language, program)),
        "",
        "Ctrl-C stops it, after the requests under way have ended.",
        "",
    ]
    return "\n".join(lines)


def _asking(here: str, language: str, program: str | None) -> Iterator[str]:
    body = json.dumps({"user_input": localized("local.question", language)}, ensure_ascii=False)
    yield f"\n  {localized('local.ask', language)}:"
    yield f"  curl -s {here}/api/v2/process -H 'content-type: application/json' -d '{body}'"
    if program:
        where = "" if here == DEFAULT else f" --url {here}"
        yield f'  {program} ask "{localized("local.question", language)}"{where}'
