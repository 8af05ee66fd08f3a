"""Tests of the screen between a model's thoughts and whoever reads its answer."""

from collections.abc import Iterable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ion_mentoring.models.marks import KINDS
from ion_mentoring.models.screen import Screen

MARKS = st.sampled_from(sorted(KINDS)) | st.sampled_from(("<THINK>", "</Think>", "<s>", "</s>"))
WORDS = st.sampled_from(("step", "한 걸음", " ", "\n", "`", "```", "~~~", '"', "<", "<|", "</", "- ", "final", "assistant"))
TEXTS = st.lists(MARKS | WORDS, max_size=12).map("".join)


def seen(pieces: Iterable[str], *, whole: bool = True) -> str:
    """What is seen at last by one who follows the pieces, which has to be what stands."""
    screen, shown = Screen(), ""
    for step in (*map(screen.hear, pieces), screen.end(whole=whole)):
        assert shown or not step.void
        shown = step.text if step.void else shown + step.text
    assert shown == "".join(screen.seen)
    return shown


@given(text=TEXTS, cuts=st.sets(st.integers(1, 80), max_size=12))
def test_it_makes_no_difference_where_a_text_is_cut(text: str, cuts: set[int]) -> None:
    places = [0, *sorted(cut for cut in cuts if cut < len(text)), len(text)]
    assert seen(text[start:end] for start, end in pairwise(places)) == seen([text])


@given(text=st.lists(WORDS, max_size=12).map("".join))
def test_a_text_without_marks_is_seen_as_it_is(text: str) -> None:
    assert seen(text) == (text if text.strip() else "")


WITHIN = st.sampled_from(sorted(mark for mark, kind in KINDS.items() if kind in ("open", "close", "nothing")))


@given(thought=st.lists(WITHIN | st.sampled_from(("step", " ", "\n", "<", "- ")), max_size=8).map("".join))
def test_nothing_of_a_thought_is_seen_behind_its_last_closing_mark(thought: str) -> None:
    answered = seen([f"<think>secret {thought}\n</think>\nOne small step."])
    assert answered.endswith("One small step.")
    assert "secret" not in answered


@pytest.mark.parametrize(
    ("text", "whole", "stands"),
    [
        ("The <think> mark.", True, "The <think> mark."),
        ("The <think> mark.", False, "The "),
        ("The <think> mark, <thinking> too.<|im_end|>\n", True, "The <think> mark, <thinking> too."),
        ("Step.\n<think>hm", True, "Step.\n"),
        ("“<think>” is a mark", True, "“<think>” is a mark"),
        ("~~~\n</think>\n~~~\n", True, "~~~\n</think>\n~~~\n"),
        ("```\ncode<|im_end|>", True, "```\ncode"),
        ("<s>Step.</s>", True, "Step."),
        ("A <s>slow</s> step", True, "A <s>slow</s> step"),
        ("Step.<|end|><|start|>user<|message|>Thanks", True, "Step."),
        ("<|start|>assistant<|message|>Step.", True, "Step."),
        ("<|channel|><|message|>hm<|end|>Step.", True, "Step."),
    ],
)
def test_a_mark_is_text_only_where_nobody_can_mean_it(text: str, whole: bool, stands: str) -> None:
    assert seen([text], whole=whole) == stands


def test_text_is_not_held_back_for_what_cannot_be_a_mark() -> None:
    screen = Screen()
    pieces = ("a < b", " <p", ">c</", "b> <th", "e")
    assert [screen.hear(piece).text for piece in pieces] == ["a < b", " <p", ">c", "</b> ", "<the"]
