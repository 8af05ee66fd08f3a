"""Three lines are whole: a choice or steps are all there, or not at all."""

import pytest

from ion_mentoring.models.playbook.telling import bullets

CHOICE = "There are two options:\nA) One module. It is simple.\nB) Many services. They cost more."
STEPS = "Do this:\n1. Write it down. (owner: you)\n2. Say it aloud.\n3. Ask a friend."


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        (["One. Two.", "Three. Four."], ["One.", "Three."]),
        ([CHOICE], ["A) One module.", "B) Many services."]),
        (["I see.", CHOICE, "Which one?"], ["I see.", "A) One module.", "B) Many services."]),
        ([CHOICE, "Which one?"], ["A) One module.", "B) Many services.", "Which one?"]),
        (["I see.", STEPS, "Which one?"], ["Write it down.", "Say it aloud.", "Ask a friend."]),
        ([CHOICE, STEPS], ["Write it down.", "Say it aloud.", "Ask a friend."]),
        (["길은 둘이에요.\n· 적어요. 짧게요.\n· 말해요."], ["적어요.", "말해요."]),
        (["One.", "Two.", "Three.", "Four."], ["One.", "Two.", "Three."]),
        ([], []),
    ],
)
def test_a_list_is_whole_or_absent(texts: list[str], said: list[str]) -> None:
    assert bullets(texts) == "\n".join(f"• {one}" for one in said)
