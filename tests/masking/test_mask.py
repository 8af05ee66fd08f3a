"""Masking, on texts that were written before its patterns were, by the same hand, without a look at any pattern that was there.

So these figures are those of one author's imagination: docs/privacy.md says what was found on texts by others.
"""

import itertools
import time
from collections import Counter
from collections.abc import Callable

import pytest

from ion_mentoring.masking.mask import masked, masked_values, personal_data
from tests.masking.corpus import Personal, ordinary, personal

LEAST = {
    "resident": 35,
    "foreigner": 20,
    "passport": 25,
    "phone": 45,
    "email": 35,
    "card": 30,
    "account": 30,
    "address": 40,
    "token": 25,
    "jwt": 15,
}


def test_the_corpus_has_every_kind() -> None:
    assert Counter(one.kind for one in personal()) == LEAST
    assert len(set(ordinary())) == 300
    assert all(one.leaks_into(one.text) for one in personal()), "a text that is told as it is leaks"


def test_nothing_personal_is_left_of_300_texts() -> None:
    assert [one.text for one in personal() if one.leaks_into(masked(one.text))] == []


def test_300_ordinary_texts_come_through_unchanged() -> None:
    assert [text for text in ordinary() if masked(text) != text] == []


WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}


@pytest.mark.parametrize(
    "spelled",
    [
        lambda text: text.translate({code: wide for code, wide in WIDE.items() if chr(code).isdigit()}),
        lambda text: text.translate(WIDE),
        lambda text: text.replace(" ", "\u00a0"),
        lambda text: text.replace("-", "-\u200b"),
        lambda text: text.replace("-", "\u2013"),
        lambda text: "\u200b".join(text),
    ],
    ids=["full-width digits", "full width", "hard spaces", "zero-width spaces", "dashes", "zero-width between all"],
)
def test_nor_is_anything_left_of_them_in_another_spelling(spelled: Callable[[str], str]) -> None:
    other = [Personal(one.kind, spelled(one.text), tuple(map(spelled, one.secrets))) for one in personal()]
    assert [one.text for one in other if one.leaks_into(masked(one.text))] == []


def test_what_is_around_stays() -> None:
    assert masked("팀장님 번호는 010-2938-4756 이에요") == "팀장님 번호는 [phone] 이에요"
    assert masked("write to a.b@example.com, or call 02-593-8271.") == "write to [email], or call [phone]."


def test_what_is_masked_once_stays_so() -> None:
    for one in personal():
        assert masked(masked(one.text)) == masked(one.text)


def test_pieces_stand_in_order_and_apart() -> None:
    for one in personal():
        pieces = personal_data(one.text)
        assert all(first.end <= second.start for first, second in itertools.pairwise(pieces))


def test_texts_anywhere_in_a_value_are_masked() -> None:
    sent = {"a": ["ok", {"b": "kim@example.com"}], "n": 3, "t": ("010-2938-4756", None)}
    assert masked_values(sent) == {"a": ["ok", {"b": "[email]"}], "n": 3, "t": ["[phone]", None]}


@pytest.mark.parametrize("number", ["4539718203641927", "8801234567893", "1732863891123", "2026112900451"])
def test_a_number_that_is_nobodys_stays(number: str) -> None:
    assert masked(f"order {number} came") == f"order {number} came"


@pytest.mark.parametrize("piece", ["1 ", "12-", "a@", "ab.", "가로 1", "=x:", "010 ", " at ", "은행 ", "여권 A", "eyJ."])
def test_four_times_the_length_costs_no_more_than_eight_times_as_much(piece: str) -> None:
    def seconds(text: str) -> float:
        began = time.process_time()
        masked(text)
        return time.process_time() - began

    short = min(seconds(piece * 1_000) for _ in range(3))
    assert min(seconds(piece * 4_000) for _ in range(3)) < 8 * short + 0.02
