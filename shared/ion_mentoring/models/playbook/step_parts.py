"""The parts of the reading of a turn: the matter in hand before it, what was tried, what answers a question of ours."""

from collections.abc import Sequence
from typing import TypeGuard

from msgspec.structs import replace

from ion_mentoring.models.playbook.asking.anywhere import kind_told
from ion_mentoring.models.playbook.correcting import (
    affirmed,
    declines,
    denies,
    does_not_fit,
    rejects,
)
from ion_mentoring.models.playbook.expected.expected import EXPECTED
from ion_mentoring.models.playbook.expected.story_parts import stories_told
from ion_mentoring.models.playbook.finding import Found, Offered
from ion_mentoring.models.playbook.finding import found as found_in
from ion_mentoring.models.playbook.layout.wanted import Wanted
from ion_mentoring.models.playbook.pushback import tried_things
from ion_mentoring.models.playbook.ranking import Likely, Ranking, Title, load_ranking
from ion_mentoring.models.playbook.sides.sides import other_side
from ion_mentoring.models.playbook.step import (
    ALL_BUT_SURELY,
    CERTAIN,
    CLEAR,
    DOUBTED,
    DOUBTED_AT_FIRST,
    FEWEST_OF_A_MATTER,
    GOES_ON,
    IN_PASSING,
    QUESTIONS,
    SURELY_ANOTHER,
    TELLING_WORDS,
    TELLS,
    Step,
)
from ion_mentoring.models.protocol import Message
from ion_mentoring.understanding.language import language_of
from ion_mentoring.understanding.turns.reader import Turn


def same_matter(before: Step, messages: Sequence[Message], language: str, layout: Wanted) -> Step:
    """The reading of a turn that asks for another layout and nothing else."""
    return Step(
        "longer",
        None,
        in_hand(before, messages),
        by_itself=False,
        words=len(messages[-1].content.split()),
        probability=1.0,
        ruled_out=before.ruled_out,
        withheld=before.withheld,
        was_offered=before.was_offered,
        layout=layout,
        language=language,
        tried=before.tried,
    )


def own_ranking(ranking: Ranking, text: str) -> Ranking:
    """The ranking of a text's own language; that of the turn after it, where it has no words."""
    language = language_of(text) if any(map(str.isalpha, text)) else ranking.stories.language
    return ranking if language == ranking.stories.language else load_ranking("ko" if language == "ko" else "en")


def retitled(step: Step | None, ranking: Ranking) -> Step | None:
    """The reading of a turn in another language with the titles of this one."""
    if step is None or step.language == ranking.stories.language:
        return step
    earlier = titled(step.earlier, ranking)
    found = step.found if isinstance(step.found, Offered) else titled(step.found, ranking)
    return replace(step, earlier=earlier if step.earlier is not step.found else found, found=found)


def titled(found: Found | None, ranking: Ranking) -> Found | None:
    if found is None:
        return None
    title = next((one for one in ranking.titles if one.id == found.title.id), found.title)
    return replace(found, title=title)


def tried_so_far(step: Step, before: Step | None, messages: Sequence[Message], language: str) -> tuple[str, ...]:
    """All that was tried in vain after a turn: nothing of a matter that is no longer in hand."""
    if before is None:
        return ()
    earlier = before.tried if step.goes_on or step.about is None or step.by_itself else ()
    if step.kind != "tried" or messages[-2].role != "assistant":
        return earlier
    return (*earlier, *tried_things(messages[-1].content, messages[-2].content, language))


def in_hand(before: Step | None, messages: Sequence[Message]) -> Found | None:
    """The matter in hand: the one that our last answer was prepared for, else the one of the turn before; none after a way."""
    if before is None:
        return None
    last = messages[-2].content if messages[-2].role == "assistant" else ""
    if kind_told(last, "ko") or kind_told(last, "en"):
        return None
    if isinstance(before.found, Found) and before.found.ground == "said" and story_told(before.found, last):
        return before.found
    earlier = before.earlier
    if earlier and any(
        answer in last for turn in EXPECTED.turns(earlier.title.id) for answer in (turn.ko.answer, turn.en.answer)
    ):
        return earlier
    return before.about


def story_told(found: Found, last: str) -> bool:
    """True where a story of a matter was answered, in either language."""
    return any(stories_told(found.title.id, language, last) for language in ("ko", "en"))


def is_theme(found: Found | Offered | None) -> TypeGuard[Found]:
    """True for what has stories, and no card."""
    return isinstance(found, Found) and not found.title.card


def told_in_passing(ranking: Ranking, text: str, turn: Turn, theme: Found) -> bool:
    """True where a story of a theme is surely told, though another matter is in hand."""
    tells = turn.kind in TELLS and len(text.split()) >= TELLING_WORDS
    return tells and ranking.told([Likely(theme.title, 1.0)], text, IN_PASSING) is not None


def says_only(found: Found | Offered | None) -> bool:
    """True for what was found in the words alone."""
    return not isinstance(found, Found) or found.ground == "said"


def meant_of_offer(
    offered: Sequence[Title], found: Found | Offered | None, text: str, turn: Turn, *, asks: bool
) -> Found | None:
    """The likeliest matter of a list, where somebody chooses none of it and goes on as if they had been understood."""
    chosen = isinstance(found, Found) and found.ground == "chosen"
    goes_on = (turn.kind in GOES_ON and turn.kind not in QUESTIONS and turn.probability >= CLEAR) or asks
    return Found(offered[0], 1.0) if offered and goes_on and not chosen and not declines(text) else None


def affirmed_matter(
    ranking: Ranking, text: str, found: Found | Offered | None, earlier: Found | None, ruled_out: frozenset[str]
) -> Found | Offered | None:
    """The situation of a turn, by what it says that it is, where it says what it is not, too."""
    if isinstance(found, Found) and found.ground != "said":
        return found
    if not denies(text) and (earlier or not rejects(text)):
        return found
    return found_in(ranking, affirmed(text) or (text if earlier else ""), ruled_out)


def side_of(messages: Sequence[Message], found: Found | Offered | None, earlier: Found | None, language: str) -> str | None:
    """The situation of the other side of the matter that is told of, or in hand, where the words show that they stand there."""
    new = found if isinstance(found, Found) else None
    if earlier and new and new.ground == "said" and new.probability < SURELY_ANOTHER:
        new = None
    theirs = [message.content for message in messages if message.role == "user"]
    text = " ".join(theirs[-2:] if new and new.ground == "chosen" else theirs[-1:])
    matters = [matter.title.id for matter in (new, earlier) if matter]
    return next((other for matter in matters if (other := other_side(matter, text, language)) is not None), None)


def asked_back(messages: Sequence[Message]) -> bool:
    """True where our last answer ends with a question."""
    return len(messages) > 1 and messages[-2].role == "assistant" and messages[-2].content.rstrip().endswith("?")


def unless_answer(found: Found | Offered | None, earlier: Found | None, messages: Sequence[Message]) -> Found | Offered | None:
    """The matter that was found; none for a word or two that answer our question, which tell of no other matter."""
    few = len(messages[-1].content.split()) <= FEWEST_OF_A_MATTER
    sure = isinstance(found, Found) and found.probability >= ALL_BUT_SURELY
    return None if earlier and few and asked_back(messages) and says_only(found) and not sure else found


def answers_us(messages: Sequence[Message]) -> bool:
    """True for a no that answers our question, and does not say that something would not do."""
    return asked_back(messages) and len(messages[-1].content.split()) > 1 and not does_not_fit(messages[-1].content)


def outweighs(found: Found, turn: Turn, *, begun: bool) -> bool:
    """True where a matter that was found counts for more than what the turn seems to be."""
    if turn.kind in (DOUBTED if begun else DOUBTED_AT_FIRST):
        return True
    return not begun and found.probability >= SURELY_ANOTHER and turn.probability < CERTAIN
