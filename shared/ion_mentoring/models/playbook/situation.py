"""A situation: what a mentor knows about one kind of question, in both languages, read from `situations/*.toml`."""

from collections.abc import Mapping
from functools import cache
from typing import Annotated

from msgspec import Meta
from msgspec.structs import replace

from ion_mentoring.catalogue.bilingual import Datum
from ion_mentoring.errors import CardInvalid
from ion_mentoring.resources import paths, read_data

SITUATIONS = "ion_mentoring/models/playbook/situations/*.toml"

Text = Annotated[str, Meta(min_length=1)]


class Counsel(Datum, frozen=True, kw_only=True):
    """One language of a situation: how to recognise it, and what a good mentor says to it."""

    title: Text
    cues: Annotated[tuple[Text, ...], Meta(min_length=1)]
    examples: Annotated[tuple[Text, ...], Meta(min_length=1)]
    acknowledge: Text
    insight: Text
    pattern: Text
    steps: Annotated[tuple[Text, ...], Meta(min_length=2)]
    options: Annotated[tuple[Text, ...], Meta(min_length=2)]
    example: Text
    measure: Text
    people: Text
    message: Text
    questions: Annotated[tuple[Text, ...], Meta(min_length=1)]
    trap: Text


class Situation(Datum, frozen=True, kw_only=True):
    """One situation; `id` is unique over all files, `topic` is the name of the file that it stands in."""

    topic: str = ""
    id: Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]+$")]
    ko: Counsel
    en: Counsel

    def in_(self, language: str) -> Counsel:
        """The counsel for a language code; other languages read the English one."""
        return self.ko if language == "ko" else self.en


class Topic(Datum, frozen=True, kw_only=True):
    """One file of situations."""

    situation: Annotated[tuple[Situation, ...], Meta(min_length=1)]


@cache
def load_topic(topic: str) -> Mapping[str, Situation]:
    """The situations of one file by id, since an answer needs one of them and cold start is a budget; CardInvalid as below."""
    (path,) = [path for path in paths(SITUATIONS) if path.stem == topic]
    return {found.id: replace(found, topic=topic) for found in read_data(Topic, path).situation}


def load_situations() -> tuple[Situation, ...]:
    """All situations of the playbook; CardInvalid names the file and field that is wrong, or the id that stands twice."""
    situations = tuple(
        replace(found, topic=path.stem) for path in paths(SITUATIONS) for found in read_data(Topic, path).situation
    )
    seen: set[str] = set()
    for situation in situations:
        if situation.id in seen:
            raise CardInvalid(f"situation {situation.id!r} stands twice in the playbook", field="id")
        seen.add(situation.id)
    return situations
