"""Pseudonyms of people: the same all day, another the next, and of nobody who lacks the secret; programs keep their names."""

from datetime import UTC, datetime

import pytest

from ion_mentoring.sealing.pseudonyms import MOST_KNOWN, Pseudonyms
from tests.fakes import Clock

SECRET = b"s" * 32
LATE = datetime(2026, 11, 29, 23, 59, tzinfo=UTC).timestamp()


def test_one_person_has_one_name_all_day_in_every_instance_and_another_the_next_day() -> None:
    day = Clock(LATE)
    first, second = Pseudonyms(SECRET, day), Pseudonyms(SECRET, day)
    today = first("sub:kim")
    assert today == first("sub:kim") == second("sub:kim")
    assert today != first("sub:lee")
    day.tick(120)
    assert first("sub:kim") == second("sub:kim") != today


@pytest.mark.parametrize(
    ("caller", "begins"), [("sub:kim", "sub:~"), ("acme/sub:kim", "acme/sub:~"), ("address:203.0.113.7", "address:~")]
)
def test_a_person_or_a_network_is_told_by_kind_and_mark_alone(caller: str, begins: str) -> None:
    told = Pseudonyms(SECRET, Clock(LATE))(caller)
    assert told.startswith(begins)
    assert "kim" not in told
    assert "203" not in told[:11]


@pytest.mark.parametrize("program", ["key:web", "acme/key:web", "platform", "batch", "local"])
def test_a_program_is_told_as_it_is(program: str) -> None:
    assert Pseudonyms(SECRET, Clock(LATE))(program) is program


def test_without_the_secret_nobody_can_make_one() -> None:
    assert Pseudonyms(b"another", Clock(LATE))("sub:kim") != Pseudonyms(SECRET, Clock(LATE))("sub:kim")


def test_many_people_take_no_more_memory_than_some() -> None:
    names = Pseudonyms(SECRET, Clock(LATE))
    told = {names(f"sub:{number}") for number in range(MOST_KNOWN + 10)}
    assert len(told) == MOST_KNOWN + 10
    assert names("sub:0") in told
    assert len(names._known) <= MOST_KNOWN
