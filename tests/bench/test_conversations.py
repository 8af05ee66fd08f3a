"""What is counted of conversations, over a short one."""

from bench.conversations import conversations, measure

TALK = "I am burnt out\nShould I quit?\nThat's not what I asked\n\ntell me a joke\n"


async def test_a_later_question_that_is_answered_first_is_counted() -> None:
    counts = await measure(conversations(TALK))
    assert counts["turns"] == 4
    assert counts["direct questions in a later turn"] == 1
    assert counts["direct questions in a later turn that are answered first"] == 1
    assert counts["turns that say what it is not"] == counts["answers that leave a matter by name"] == 1
