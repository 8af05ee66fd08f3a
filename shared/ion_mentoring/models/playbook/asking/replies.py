"""Words to say when somebody else says no, laughs, has no money or no time: the answer to "what if they say ...?"."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from ion_mentoring.catalogue.bilingual import Bilingual, Datum
from ion_mentoring.resources import paths, read_data

REPLIES: Final = "ion_mentoring/models/playbook/asking/replies.toml"


class _Reply(Datum, frozen=True, kw_only=True):
    """An answer that others may give, and what to say then, with a word before and after."""

    name: str
    says: Bilingual
    first: Bilingual
    words: Bilingual
    after: Bilingual


class _Replies(Datum, frozen=True, kw_only=True):
    """The data file."""

    reply: tuple[_Reply, ...]


@cache
def _replies() -> tuple[_Reply, ...]:
    return read_data(_Replies, paths(REPLIES)[0]).reply


def replies(text: str, language: str) -> Iterator[tuple[str, str, str]]:
    """The words for each answer that others may give, the closest first: the word before, the words, the word after."""
    low = text.lower()
    for one in _replies():
        if re.search(one.says.in_(language), low):
            yield one.first.in_(language), one.words.in_(language), one.after.in_(language)
