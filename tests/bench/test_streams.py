"""What is counted of processes and of streams, over short ones."""

import shutil
import subprocess
import sys
from collections.abc import Iterator

import pytest

from bench.processes import cpu_s, family, held
from bench.streams import Heard, measured

BUSY = """
import subprocess, sys
child = subprocess.Popen([sys.executable, "-c", "x = bytearray(64 << 20); sum(range(10**7)); print(flush=True); input()"],
                         stdout=subprocess.PIPE)
child.stdout.readline()
print(flush=True)
input()
"""


@pytest.fixture
def parent() -> Iterator[int]:
    """A process that does little, and whose child has worked and holds 64 MiB."""
    with subprocess.Popen([sys.executable, "-c", BUSY], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout
        process.stdout.readline()
        yield process.pid
        process.communicate(b"\n")


def test_what_a_child_takes_counts(parent: int) -> None:
    assert len(list(family(parent))) == 2
    assert 0.05 < cpu_s(parent) < 20
    now = held(parent)
    assert 64 * 1024 < now.pss <= now.rss < 512 * 1024


def test_a_process_that_has_ended_is_none() -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    with pytest.raises(ProcessLookupError):
        cpu_s(process.pid)


def test_streams_are_open_once_each_has_its_first_text() -> None:
    heard = Heard(2)
    heard.first(1.0)
    assert not heard.all_open.is_set()
    heard.first(2.0)
    assert heard.all_open.is_set()


@pytest.mark.skipif(shutil.which("taskset") is None, reason="pins to cores")
def test_two_streams_are_measured_beside_the_vendor() -> None:
    beside, ours = measured(2, 0.5, together=True)
    assert 300 <= beside.median_ms <= beside.p95_ms
    assert 300 <= ours.median_ms <= ours.p95_ms
    assert all(5 < us < 5_000 for us in ours.token_us)
    assert all(now.pss > 20_000 for now in ours.held)
