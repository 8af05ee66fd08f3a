"""What was read in an answer is not read again in it, and is forgotten with it."""

import asyncio

from ion_mentoring.understanding.once import once, one_answer


class Reader:
    """Counts how often it reads."""

    def __init__(self) -> None:
        self.times = 0

    @once
    def length(self, text: str) -> int:
        """The length of a text."""
        self.times += 1
        return len(text)


def test_outside_of_an_answer_each_reading_is_made() -> None:
    reader = Reader()
    assert [reader.length("abc"), reader.length("abc")] == [3, 3]
    assert reader.times == 2


def test_within_an_answer_each_text_is_read_once_by_each_reader() -> None:
    reader, other = Reader(), Reader()
    with one_answer():
        assert [reader.length("abc"), reader.length("ab"), reader.length("abc"), other.length("abc")] == [3, 2, 3, 3]
        with one_answer():
            assert reader.length("abc") == 3
        assert reader.length("ab") == 2
    assert (reader.times, other.times) == (2, 1)
    with one_answer():
        assert reader.length("abc") == 3
    assert reader.times == 3


async def test_answers_at_the_same_time_share_nothing() -> None:
    reader = Reader()

    async def answer() -> None:
        with one_answer():
            reader.length("abc")
            await asyncio.sleep(0)
            reader.length("abc")

    await asyncio.gather(answer(), answer())
    assert reader.times == 2
