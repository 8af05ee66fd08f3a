"""The reading of a conversation turn by turn: what each turn wants, and which matter is in hand.

Everything follows from the messages; nothing is kept in the instance.
"""

from collections.abc import Sequence
from typing import cast

from msgspec.structs import replace

from ion_mentoring.models.playbook.asides.asides import aside_to
from ion_mentoring.models.playbook.asking.asked import asked
from ion_mentoring.models.playbook.asking.closest import stems
from ion_mentoring.models.playbook.correcting import (
    asks_for_words,
    asks_who,
    begins_anew,
    carries_on,
    declines,
    denies,
    thanks_shortly,
)
from ion_mentoring.models.playbook.finding import Found, find, offered_in
from ion_mentoring.models.playbook.hazards.hazards import hazard_in
from ion_mentoring.models.playbook.languages import asked_language, beside_language
from ion_mentoring.models.playbook.layout.wanted import wanted
from ion_mentoring.models.playbook.leaving import correct
from ion_mentoring.models.playbook.pushback import says_tried
from ion_mentoring.models.playbook.ranking import Ranking
from ion_mentoring.models.playbook.step import (
    BY_THEMSELVES,
    CERTAIN,
    CHAT,
    CLEAR,
    CORRECTIONS,
    FEW_WORDS,
    GLAD,
    HARMFUL,
    LONG,
    LOOKS_BACK,
    PASSED_OVER,
    RARELY_FIRST,
    SHORT_NEWS,
    Step,
    by_story,
)
from ion_mentoring.models.playbook.step_parts import (
    affirmed_matter,
    answers_us,
    in_hand,
    is_theme,
    meant_of_offer,
    outweighs,
    own_ranking,
    retitled,
    same_matter,
    says_only,
    side_of,
    told_in_passing,
    tried_so_far,
    unless_answer,
)
from ion_mentoring.models.protocol import Message
from ion_mentoring.understanding.turns.reader import Turn, TurnReader


class StepReader:
    """Reads conversations in either language."""

    def __init__(self, turns: TurnReader) -> None:
        self._turns = turns

    def read(self, messages: Sequence[Message], ranking: Ranking) -> Step:
        """The reading of the last turn, which the ranking is for, by which matter was in hand before, and which were ruled out.

        Each turn before is read in its own language.
        """
        places = [place for place, message in enumerate(messages) if message.role == "user"]
        step: Step | None = None
        for place in places[-LOOKS_BACK:]:
            own = ranking if place == places[-1] else own_ranking(ranking, messages[place].content)
            step = self._next(messages[: place + 1], own, own.stories.language, retitled(step, own))
        return cast(Step, step)

    def _next(self, messages: Sequence[Message], ranking: Ranking, language: str, before: Step | None) -> Step:
        """The reading of a turn beside the layout that it asks for; where it asks for nothing else, the matter stays."""
        text = messages[-1].content
        layout = wanted(text, language)
        if layout and not layout.named and before and messages[-2].role == "assistant":
            return same_matter(before, messages, language, layout)
        rest = layout.beside if layout and layout.beside else text
        rest = beside_language(rest) or rest
        if rest != text:
            messages = (*messages[:-1], Message("user", rest))
        step = self._step(messages, ranking, language, before)
        if aside_to(rest, language) and not (isinstance(step.found, Found) and step.found.ground == "danger"):
            step = replace(step, found=None)
        return replace(step, layout=layout, language=language, tried=tried_so_far(step, before, messages, language))

    def _turn(self, messages: Sequence[Message], language: str) -> Turn:
        text = messages[-1].content
        turn, second, *_ = self._turns.read(text, language)
        if turn.kind == "thanks" and "?" in text and len(text.split()) > FEW_WORDS:
            turn = second  # "thanks, and which of the two first?" asks
        if len(messages) > 1 and thanks_shortly(text):
            return Turn("thanks", CERTAIN)
        if turn.kind == "language" and not asked_language(messages[-1:]):
            turn = second
        if turn.kind == "who" and len(messages) > 1 and not asks_who(text):
            turn = second
        if turn.kind != "off_limits" and len(messages) > 1 and says_tried(text, language):
            return Turn("tried", CERTAIN)
        if turn.kind == "no" and answers_us(messages):
            return Turn("fact", turn.probability)
        passed_over = turn.kind in PASSED_OVER and turn.probability >= (HARMFUL if turn.kind == "off_limits" else CLEAR)
        return Turn("words", CERTAIN) if not passed_over and asks_for_words(text) else turn

    def _step(self, messages: Sequence[Message], ranking: Ranking, language: str, before: Step | None) -> Step:
        """The reading of a turn; a conversation begins with a matter, if not with what stands by itself."""
        begun = any(message.role == "assistant" for message in messages)
        text, earlier = messages[-1].content, in_hand(before, messages)
        offered = offered_in(ranking, messages)
        ruled_out = before.ruled_out if before else frozenset()
        if offered and declines(text):
            ruled_out |= {title.id for title in offered}
        turn, found = self._turn(messages, language), find(ranking, messages, ruled_out)
        words = len(text.split())
        asks = begun and words <= SHORT_NEWS and bool(asked(text, language))
        earlier = None if begun and begins_anew(text) else earlier or meant_of_offer(offered, found, text, turn, asks=asks)
        correction = None
        if earlier and not (isinstance(found, Found) and found.ground == "chosen"):
            correction = correct(ranking, text, earlier.title, ruled_out, says=turn.kind in CORRECTIONS)
        if correction:
            found, ruled_out = correction.found, ruled_out | {correction.title.id}
            earlier = earlier if found else None
        elif begun and not offered:
            found = affirmed_matter(ranking, text, found, earlier, ruled_out)
        found = unless_answer(found, earlier, messages)
        in_passing = earlier is None or not is_theme(found) or told_in_passing(ranking, text, turn, found)
        if not in_passing or (asks and says_only(found) and (by_story(found) or not stems(text, language))):
            found = None
        withheld = before is not None and before.withheld and earlier is before.about
        side = side_of(messages, found, before.about if before else None, language)
        if side and (title := next((one for one in ranking.titles if one.id == side), None)):
            found = Found(title, 1.0, "side")
        withheld = withheld or side == ""
        if danger := hazard_in(text, language):
            found, correction = Found(danger, 1.0, "danger"), None
            earlier = earlier or (before.about if before else None)
        outweighed = (
            correction is not None
            or bool(side)
            or (isinstance(found, Found) and outweighs(found, turn, begun=begun))
            or danger is not None
        )
        outweighed = outweighed or (turn.kind == "mentor" and words > SHORT_NEWS)  # somebody else may have a mentor's name
        rarely = (turn.kind in RARELY_FIRST and not begun) or (turn.kind in CHAT and begun and words >= LONG)
        least = CERTAIN if rarely else GLAD if turn.kind == "good_news" else CLEAR
        by_itself = turn.kind in BY_THEMSELVES and turn.probability >= least and not outweighed
        known = turn.probability >= CLEAR and (by_itself or begun or turn.kind == "words") and not outweighed
        return Step(
            turn.kind if known or ((correction or side) and turn.kind == "words") else "matter",
            found,
            earlier,
            by_itself,
            words,
            turn.probability,
            put_right=correction is not None,
            left=correction.title if correction and correction.said else None,
            carried_on=carries_on(text),
            asks=asks,
            ruled_out=ruled_out,
            denies=denies(text),
            withheld=withheld,
            was_offered=bool(offered) or (before is not None and before.was_offered),
        )
