"""Ids differ, whoever forks and whoever seeds."""

import os
import random

from ion_mentoring.telemetry.ids import drawn


def test_an_id_has_as_many_digits_as_its_bits_need() -> None:
    assert [len(drawn(bits)) for bits in (64, 128, 192)] == [16, 32, 48]
    assert all(int(drawn(64), 16) < 2**64 for _ in range(100))


def test_ids_differ_though_somebody_seeds_the_common_generator() -> None:
    ids = set()
    for _ in range(1_000):
        random.seed(0)
        ids.add(drawn(128))
    assert len(ids) == 1_000


def test_a_forked_process_draws_others() -> None:
    reader, writer = os.pipe()
    if os.fork() == 0:
        os.write(writer, drawn(128).encode())
        os._exit(0)
    os.wait()
    os.close(writer)
    with os.fdopen(reader, "rb") as said:
        theirs = said.read().decode()
    assert len(theirs) == 32
    assert theirs not in {drawn(128) for _ in range(10)}
