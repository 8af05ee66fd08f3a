"""A conversation with the playbook: the reply to its last turn.

Everything follows from the messages; nothing is kept in the instance.
"""

from collections.abc import Sequence
from typing import Final

from msgspec.structs import replace

from ion_mentoring.models.playbook.composing.composer import Composer
from ion_mentoring.models.playbook.layout.items import read_again, sentences
from ion_mentoring.models.playbook.naming import beside_name, named
from ion_mentoring.models.playbook.pushback import SHORTEST, Out
from ion_mentoring.models.playbook.ranking import Ranking
from ion_mentoring.models.playbook.reply import Reply
from ion_mentoring.models.playbook.step import GOES_ON, Step
from ion_mentoring.models.playbook.steps import StepReader
from ion_mentoring.models.playbook.telling import Teller
from ion_mentoring.models.playbook.turn import TurnReply
from ion_mentoring.models.protocol import Message, Prompt
from ion_mentoring.understanding.turns.reader import TurnReader

FOLLOWS: Final = tuple(kind for kind in GOES_ON if kind != "fact")  # the turns that one person may well take twice
REFUSED: Final = ("off_limits", "recall", "language")  # in which no words are made


class Dialogue:
    """Replies to the last turn of a conversation."""

    def __init__(self, turns: TurnReader, composer: Composer) -> None:
        self._steps = StepReader(turns)
        self._composer = composer

    def reply(self, prompt: Prompt, ranking: Ranking, language: str) -> Reply:
        """The reply in Korean or English; a mentor who is called for answers what was asked in the same turn, too."""
        reply, step = self._reply(prompt, ranking, language)
        calls = step.kind == "mentor" and step.by_itself and named(prompt.question)
        if not calls or not (rest := beside_name(prompt.question)):
            return reply
        asked = replace(prompt, messages=(*prompt.messages[:-1], Message("user", rest)))
        answer, _ = self._reply(asked, ranking, language)
        own = reply.text.split("\n\n")[0]
        return replace(answer, text=f"{own}\n\n{answer.text}", plan=(*reply.plan[:1], *answer.plan))

    def _reply(self, prompt: Prompt, ranking: Ranking, language: str) -> tuple[Reply, Step]:
        prompt = replace(prompt, messages=tuple(map(_read_again, prompt.messages)))
        step, before = self._steps.read(prompt.messages, ranking), prompt.messages
        if _asked_twice(before) and not (step.goes_on and step.kind in FOLLOWS and step.layout is None):
            while _asked_twice(before):
                before = before[:-2]
            step = self._steps.read(before, ranking)
        second = prompt.messages[len(before) :]
        ours = [message.content for message in prompt.messages if message.role == "assistant"]
        heard = [one for told in second if told.role == "assistant" for one in sentences(told.content)]
        first = [one for one in heard if len(one) >= SHORTEST]
        out = Out.of((*step.tried, *first), language, everything=bool(first))
        teller = Teller(prompt.shape, language, "\n".join(ours), out)
        turn = TurnReply(prompt, language, step, self._words(prompt, step, ours, language), teller)
        reply = turn.reply()
        return turn.second(reply) if second else reply, step

    def _words(self, prompt: Prompt, step: Step, ours: list[str], language: str) -> str | None:
        """The words to say that the person asks for, where they say which."""
        if step.kind in REFUSED:
            return None
        to_whom = prompt.shape.turns["to_whom"].in_(language)
        told = bool(ours) and any(text in ours[-1] for text in to_whom) and (step.kind == "words" or not step.denies)
        theirs = [message.content for message in prompt.messages if message.role == "user"]
        return self._composer.words(theirs, language, told=told)


def _asked_twice(messages: Sequence[Message]) -> bool:
    """True where the last question was answered just before, by another mentor or by this one."""
    return len(messages) > 2 and messages[-2].role == "assistant" and messages[-3] == messages[-1]


def _read_again(message: Message) -> Message:
    return Message("assistant", read_again(message.content)) if message.role == "assistant" else message
