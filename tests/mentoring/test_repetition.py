"""What one mentor said, the next ones leave out; nothing else is lost, however the text comes in pieces."""

import random

import pytest

from ion_mentoring.mentoring.answering.repetition import Said, Unrepeated, unrepeated

FIRST = """Just one thing for today: Write your first three sentences and say them aloud.

One gentle warning. Do not look at your feet while you speak.

1) Ask one colleague to listen.
2) Write down where you lose the thread.

Which sentence could you say first?"""


@pytest.fixture
def said() -> Said:
    told = Said()
    told.add(FIRST)
    return told


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("A new thought comes here.", "A new thought comes here."),
        ("WRITE your first three sentences, and say them aloud!", ""),
        ("Start here: Write your first three sentences and say them aloud.", ""),
        ("One pitfall. Do not look at your feet while you speak.", ""),
        ("The room is cold in winter. Which sentence could you say first?", "The room is cold in winter."),
        (
            "The light in that room makes everybody look pale. Do not look at your feet while you speak.",
            "The light in that room makes everybody look pale.",
        ),
        ("Do look at your feet while you speak.", "Do look at your feet while you speak."),
        ("The plan:\n1. Ask one colleague to listen. (owner: me)\n2. Write down where you lose the thread. (owner: me)", ""),
        (
            "The plan:\n1. Ask one colleague to listen.\n2. Sleep well.",
            "The plan:\n1. Ask one colleague to listen.\n2. Sleep well.",
        ),
        ("- Ask one colleague to listen.\n- Book the room early.", "- Book the room early."),
        (
            "You could say: “Would you help me? Which sentence could you say first?”",
            "You could say: “Would you help me? Which sentence could you say first?”",
        ),
        (
            "Try this:\n```\nAsk one colleague to listen.\n\nAsk one colleague to listen.\n```",
            "Try this:\n```\nAsk one colleague to listen.\n\nAsk one colleague to listen.\n```",
        ),
        ("Sure thing.\n\nAsk one colleague to listen.\n\nGood luck.", "Sure thing.\n\nGood luck."),
        ("It costs 1.5 dollars.", "It costs 1.5 dollars."),
    ],
)
def test_what_is_new_stays(said: Said, text: str, left: str) -> None:
    assert unrepeated(text, said) == left


def test_numbers_tell_sentences_apart() -> None:
    said = Said()
    said.add("It grows by 15 percent a year. 밤에 여덟 시간은 자요.")
    assert unrepeated("It grows by 1.5 percent a year.", said) == "It grows by 1.5 percent a year."
    assert unrepeated("오늘은 하나만요. 밤에 여덟 시간은 자요!", said) == ""


def test_short_words_may_come_twice() -> None:
    said = Said()
    said.add("Well done. Take care!")
    assert unrepeated("Well done. Now rest for a while.", said) == "Well done. Now rest for a while."


def test_the_first_speaker_is_left_as_it_is() -> None:
    assert unrepeated(f"\n{FIRST}\n\n\n{FIRST} \n", Said()) == f"\n{FIRST}\n\n\n{FIRST} \n"


def test_pieces_say_what_the_whole_says(said: Said) -> None:
    text = (
        f"Hello there, my friend.\n \n\n  An indented line.\n\n{FIRST}\n\nOne pitfall. Do not hurry through the end of it.\n\n"
    )
    whole = unrepeated(text, said)
    assert whole == "Hello there, my friend.\n\n  An indented line.\n\nOne pitfall. Do not hurry through the end of it."
    draw = random.Random(7)
    for _ in range(200):
        cuts = sorted(draw.sample(range(len(text)), draw.randint(0, 12)))
        piecewise = Unrepeated(said)
        pieces = [text[begin:end] for begin, end in zip([0, *cuts], [*cuts, len(text)], strict=True)]
        assert "".join(map(piecewise.feed, pieces)) + piecewise.end() == whole
