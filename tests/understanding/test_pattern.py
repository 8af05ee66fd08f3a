"""A pattern is compiled when it is first asked, and every one of the product's is a regular expression."""

import gc
import re

import pytest

from ion_mentoring.understanding.pattern import Pattern
from ion_mentoring.understanding.safety.course import SafetyCourse
from ion_mentoring.understanding.turns.reader import TurnReader


def test_it_matches_as_the_compiled_one_does() -> None:
    lazy, compiled = Pattern(r"b(.)"), re.compile(r"b(.)")
    for text in ("", "abc", "bc", "abcbd"):
        for name in ("search", "match", "fullmatch"):
            one, other = getattr(lazy, name)(text), getattr(compiled, name)(text)
            assert (one and one.span()) == (other and other.span())
        assert [one.group(1) for one in lazy.finditer(text)] == compiled.findall(text)
        assert lazy.sub("-", text) == compiled.sub("-", text)


def test_what_is_no_regular_expression_is_told_when_it_is_asked() -> None:
    wrong = Pattern("(")
    with pytest.raises(re.error):
        wrong.search("a")
    assert not hasattr(wrong, "groups")


def test_every_pattern_of_the_product_is_a_regular_expression() -> None:
    kept = SafetyCourse.load(), TurnReader.load()
    patterns = [one for one in gc.get_objects() if isinstance(one, Pattern) and one.source != "("]
    assert len(patterns) > 300, kept
    for one in patterns:
        one.search("")
        assert "search" in vars(one), "from the second use on it is the compiled one's"
