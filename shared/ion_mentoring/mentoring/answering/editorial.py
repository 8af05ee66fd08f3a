"""The editorial list: questions of nobody, whose answers are for everybody and kept warm."""

from functools import lru_cache
from typing import Final

from ion_mentoring.caching import normal_form
from ion_mentoring.resources import paths, read_toml

EDITORIAL: Final = "ion_mentoring/mentoring/warming/popular.toml"


@lru_cache(maxsize=1)
def editorial_texts() -> frozenset[str]:
    """The questions in their normal form, read at the first one that is asked."""
    questions = read_toml(paths(EDITORIAL)[0])["question"]
    return frozenset(normal_form.normalised(text) for question in questions for text in question.values())
