"""What somebody types is read line by line with its moment, and what was typed too early is forgotten."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from infra.drills.typed import Typing


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    """The two ends of a pipe: to read from, and to write to."""
    ends = os.pipe()
    yield ends
    for end in ends:
        try:
            os.close(end)
        except OSError:
            continue


async def test_a_line_comes_with_the_moment_of_its_enter(pipe: tuple[int, int]) -> None:
    begun = datetime.now(UTC)
    async with Typing(pipe[0]) as typing:
        os.write(pipe[1], b"cac")
        os.write(pipe[1], "he\n저장소\n".encode())
        (first, at), (second, _) = await typing.line() or ("", begun), await typing.line() or ("", begun)
    assert (first, second) == ("cache", "저장소")
    assert begun <= at <= datetime.now(UTC)


async def test_what_was_typed_too_early_is_forgotten(pipe: tuple[int, int]) -> None:
    async with Typing(pipe[0]) as typing:
        os.write(pipe[1], b"early\nearlier\n")
        await typing.line()
        typing.forget()
        os.write(pipe[1], b"now\n")
        typed = await typing.line()
    assert typed is not None
    assert typed[0] == "now"


async def test_the_end_of_the_input_is_told_even_to_who_forgets(pipe: tuple[int, int]) -> None:
    async with Typing(pipe[0]) as typing:
        os.write(pipe[1], b"early\n")
        os.close(pipe[1])
        await typing.line()
        typing.forget()
        assert await typing.line() is None
