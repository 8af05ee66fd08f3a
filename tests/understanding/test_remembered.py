"""A text that was read lately is not read again, and no word of it is kept."""

import gc
from collections.abc import Iterator

import pytest

from ion_mentoring.understanding import remembered
from ion_mentoring.understanding.remembered import KEPT_S, Remembered, remembered_for
from tests.fakes import Clock


class Reader:
    """Counts how often it reads."""

    def __init__(self, clock: Clock) -> None:
        self.known: Remembered[int | None] = Remembered(clock)
        self.times = 0

    def length(self, text: str) -> int | None:
        """The length of a text, None where it has none."""
        return self.known.of(text, lambda: self._length(text))

    def _length(self, text: str) -> int | None:
        self.times += 1
        return len(text) or None


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(autouse=True)
def _of_somebody() -> Iterator[None]:
    with remembered_for("acme kim"):
        yield


def test_a_text_is_read_once_until_its_time_is_over(clock: Clock) -> None:
    reader = Reader(clock)
    assert [reader.length("abc"), reader.length("ab"), reader.length("abc")] == [3, 2, 3]
    assert reader.times == 2
    clock.tick(KEPT_S - 1)
    assert (reader.length("abc"), reader.times) == (3, 2)
    clock.tick(1)
    assert (reader.length("abc"), reader.times) == (3, 3)


def test_that_nothing_was_found_is_remembered_too(clock: Clock) -> None:
    reader = Reader(clock)
    assert [reader.length(""), reader.length("")] == [None, None]
    assert reader.times == 1


def test_half_a_character_is_a_text_too(clock: Clock) -> None:
    assert Reader(clock).length("\ud800") == 1


def test_what_was_read_first_goes_first(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembered, "MOST", 3)
    reader = Reader(clock)
    for text in ("a", "b", "c", "d", "b", "a"):
        reader.length(text)
    assert reader.times == 5  # "b" was still there, "a" was not


def test_no_word_is_kept(clock: Clock) -> None:
    reader = Reader(clock)
    reader.length("my sister Minjeong")
    held = [one for one in gc.get_referents(reader.known) if not isinstance(one, type)]
    assert "Minjeong" not in repr(held)


def test_readers_share_nothing(clock: Clock) -> None:
    first, second = Reader(clock), Reader(clock)
    assert (first.length("abc"), second.length("abc")) == (3, 3)
    assert (first.times, second.times) == (1, 1)


def test_nobody_s_time_tells_what_another_one_asked(clock: Clock) -> None:
    reader = Reader(clock)
    reader.length("abc")
    with remembered_for("globex lee"):
        reader.length("abc")
    assert reader.times == 2
    reader.length("abc")
    assert reader.times == 2
