"""Two mentors who are asked the same: the second says something else, and begins with a word to the first."""

from itertools import permutations

import pytest

from ion_mentoring.models.playbook.layout.wanted import layout_book
from ion_mentoring.models.protocol import Completion, Message, Prompt
from ion_mentoring.understanding.language import language_of
from ion_mentoring.usage.meter import UsageMeter
from tests.models.playbook.talking import DETECTOR, PLAYBOOK, ROSTER

PAIRS = [*permutations(("lua", "elro", "riri", "nana"), 2)]


async def both(first: str, second: str, text: str) -> list[Completion]:
    """What the two answer; the second has heard the first."""
    language, said, told = language_of(text), [Message("user", text)], []
    read = DETECTOR.detect(text, language)
    for persona in (first, second):
        prompt = Prompt("", tuple(said), read.key, language, ROSTER[persona].shape, unknown=read.unknown)
        told.append(await PLAYBOOK.answer(prompt, UsageMeter(), None))
        said += [Message("assistant", told[-1].text), Message("user", text)]
    return told


@pytest.mark.parametrize(("first", "second"), PAIRS)
@pytest.mark.parametrize(
    "text",
    [
        "팀장이 회의에서 제 의견을 자꾸 무시해요",
        "Our conversion dropped 20% since yesterday, where do I look? Give me a numbered list.",
        "I am burnt out",
        "이직을 해야 할까요 말까요",
    ],
)
async def test_the_second_adds_what_the_first_did_not_say(first: str, second: str, text: str) -> None:
    one, other = await both(first, second, text)
    assert other.topics == one.topics
    assert other.plan[0] == "second"
    assert any(other.text.startswith(line) for line in layout_book().second.in_(language_of(text)))
    said = {line for line in one.text.splitlines() if len(line) > 12}
    assert not said & {*other.text.splitlines()}
    news = ROSTER[second].shape.turns["fact"]
    assert not any(line in other.text for line in (*news.ko, *news.en))


async def test_what_is_no_mentors_matter_gets_another_short_answer() -> None:
    one, other = await both("nana", "lua", "What should I cook for dinner?")
    assert one.plan == other.plan == ("off_topic",)
    assert one.text != other.text
