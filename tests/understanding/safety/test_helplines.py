"""Help lines are the right country's, in the reader's language, with a source that was read not long ago."""

import re
import warnings
from datetime import UTC, date, datetime, timedelta

import pytest

from ion_mentoring.understanding.safety.helplines import ANYWHERE, Helplines, Need

HELPLINES = Helplines.load()
FRESH = timedelta(days=180)


def numbers(lines: list[str]) -> str:
    return " ".join(lines)


@pytest.mark.parametrize(
    ("need", "language", "country", "said"),
    [
        ("self_harm", "ko", None, ["109", "마들랜"]),
        ("violence", "ko", None, ["1366"]),
        ("minor", "ko", None, ["1388", "#1388"]),
        ("self_harm", "en", None, ["988", "741741", "findahelpline.com"]),
        ("violence", "en", "US", ["1-800-799-7233"]),
        ("self_harm", "en", "KR", ["109"]),
        ("self_harm", "ko", "US", ["988"]),
        ("self_harm", "ko", "us", ["988"]),
        ("self_harm", "en", "GB", ["116 123"]),
        ("self_harm", "en", "IE", ["findahelpline.com"]),
        ("self_harm", "de", "DE", ["findahelpline.com"]),
        ("self_harm", "ja", None, ["findahelpline.com"]),
        ("self_harm", "en", "BR", ["findahelpline.com"]),
    ],
)
def test_the_lines_are_those_of_the_country(need: Need, language: str, country: str | None, said: list[str]) -> None:
    lines = HELPLINES.lines((need,), language, country)
    assert all(number in numbers(lines) for number in said)


def test_who_writes_in_korean_is_told_no_line_abroad() -> None:
    assert "findahelpline" not in numbers(HELPLINES.lines(("self_harm", "minor", "violence"), "ko"))


def test_the_first_need_comes_first() -> None:
    assert "1388" in HELPLINES.lines(("minor", "self_harm"), "ko")[0]
    assert "109" in HELPLINES.lines(("self_harm", "minor"), "ko")[0]


@pytest.mark.parametrize(
    ("language", "country", "number"),
    [
        ("ko", None, "112"),
        ("en", "US", "911"),
        ("en", "GB", "999"),
        ("en", "IE", "112"),
        ("de", "DE", "112"),
        ("en", None, "911 in the US"),
    ],
)
def test_the_emergency_number_is_that_of_the_country(language: str, country: str | None, number: str) -> None:
    assert number in HELPLINES.emergency(language, country)


@pytest.mark.parametrize("country", [None, "KR", "US", "GB", "BR"])
@pytest.mark.parametrize("language", ["ko", "en"])
def test_there_is_a_way_without_a_voice_everywhere(language: str, country: str | None) -> None:
    assert HELPLINES.lines(("self_harm",), language, country, text=True)


def test_no_line_stands_twice_and_a_list_stays_short() -> None:
    lines = HELPLINES.lines(("self_harm", "minor", "violence", "other", "eating"), "en")
    assert len(lines) == len(set(lines)) <= 4


def test_every_line_has_a_source_and_a_day_on_which_it_was_read() -> None:
    for country in HELPLINES.book.countries.values():
        for line in country.lines:
            assert re.match(r"https://\S+$", line.source)
            assert line.checked <= datetime.now(UTC).date()


def test_a_check_older_than_half_a_year_is_warned_of() -> None:
    assert stale(date(2026, 11, 28)) == []
    assert stale(date(2027, 12, 1)) != []
    if old := stale(datetime.now(UTC).date()):
        with warnings.catch_warnings():
            warnings.simplefilter("always")
            warnings.warn(f"help lines to be checked again: {old}", stacklevel=1)


def stale(today: date) -> list[str]:
    lines = [line for country in HELPLINES.book.countries.values() for line in country.lines]
    return [line.en for line in lines if today - line.checked > FRESH]


def test_the_country_that_stands_for_all_others_is_no_country() -> None:
    assert HELPLINES.lines(("self_harm",), "en", ANYWHERE) == HELPLINES.lines(("self_harm",), "en", "ZZ")
