"""Lines leave together, whole, and nobody waits for whoever reads them."""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress

import pytest

from ion_mentoring.telemetry import output
from ion_mentoring.telemetry.output import MOST_WAITING, Output

Pipe = tuple[int, int]


@pytest.fixture
def pipe() -> Iterator[Pipe]:
    reader, writer = os.pipe()
    yield reader, writer
    for end in (reader, writer):
        try:
            os.close(end)
        except OSError:
            continue  # closed by the test


async def read_of(pipe: Pipe, size: int) -> bytes:
    """So many bytes of what comes out of a pipe."""
    os.set_blocking(pipe[0], False)
    read = b""
    while len(read) < size:
        await asyncio.sleep(0.002)
        with suppress(BlockingIOError):
            read += os.read(pipe[0], 100_000)
    return read


def test_outside_of_a_loop_a_line_is_written_at_once(pipe: Pipe) -> None:
    Output(pipe[1]).write("한 줄\n")
    assert os.read(pipe[0], 100) == "한 줄\n".encode()


async def test_the_lines_of_a_tick_leave_together_after_it(pipe: Pipe, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[bytes] = []
    monkeypatch.setattr(output.os, "write", lambda _, data: written.append(bytes(data)) or len(data))
    out = Output(pipe[1])
    for line in ("one\n", "two\n"):
        out.write(line)
    assert written == []
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert written == [b"one\ntwo\n"]


async def test_nobody_waits_for_a_reader_that_does_not_read(pipe: Pipe) -> None:
    out = Output(pipe[1])
    line = "x" * 999 + "\n"
    began = time.perf_counter()
    for _ in range(500):  # a pipe holds 65,536 bytes
        out.write(line)
        await asyncio.sleep(0)
    assert time.perf_counter() - began < 2
    assert await read_of(pipe, 500_000) == (line * 500).encode()
    assert out.lost == 0


async def test_what_is_too_much_is_lost_as_whole_lines_and_counted(pipe: Pipe) -> None:
    out = Output(pipe[1])
    line = "x" * 9_999 + "\n"
    for _ in range(MOST_WAITING // 10_000 + 20):
        out.write(line)
    assert out.lost == 20
    read = await read_of(pipe, MOST_WAITING // 10_000 * 10_000)
    assert set(read.splitlines()) == {line[:-1].encode()}


async def test_a_reader_that_has_gone_is_no_trouble(pipe: Pipe) -> None:
    os.close(pipe[0])
    out = Output(pipe[1])
    out.write("nobody hears this\n")
    await asyncio.sleep(0.01)
    out.write("nor this\n")
    out.drain()
    assert out.lost == 0


def test_what_waits_at_the_end_of_the_process_is_written() -> None:
    program = """
import asyncio
from ion_mentoring.telemetry.output import Output
async def main():
    Output(1).write("the last line\\n")
    raise SystemExit(0)
asyncio.run(main())
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "the last line\n"
