"""The estimate of tokens, beside what a real tokenizer counts: the texts and counts of `bench/token_texts.json`."""

from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.tokens import Row, stored, table
from ion_mentoring.usage.tokens import estimated_tokens

MOST_OVER: Final = {"code": 1.4, "white space": 4.0}  # else 1.2: what cheap rules cannot tell apart
ROWS: Final = stored()


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['kind']}: {row['text'][:12]!a}")
def test_an_estimate_is_never_below_the_count_and_little_above(row: Row) -> None:
    most = MOST_OVER.get(row["kind"], 1.2) * row["tokens"]
    assert row["tokens"] <= estimated_tokens(row["text"]) <= most


@pytest.mark.parametrize(("text", "tokens"), [("", 0), ("a", 1), ("hello", 1), ("é", 2), ("\ud83d", 2), ("!\n", 1)])
def test_the_shortest_texts_cost_what_they_cost(text: str, tokens: int) -> None:
    assert estimated_tokens(text) == tokens


def test_a_syllable_again_and_again_is_not_taken_for_prose() -> None:
    assert estimated_tokens("가" * 120) >= 120


@given(st.text(min_size=1))
def test_whatever_is_not_empty_costs_something_and_at_most_a_token_a_byte_and_one(text: str) -> None:
    assert 1 <= estimated_tokens(text) <= 2 * len(text.encode()) + 1


def test_every_kind_that_is_claimed_has_its_line_in_the_table() -> None:
    lines = table(ROWS).splitlines()
    assert len(lines) == 1 + len({row["kind"] for row in ROWS})
