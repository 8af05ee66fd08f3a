"""Exploring: exactly as often as it says, among those who are near, and never in danger or against a choice."""

from collections import Counter
from typing import Final

import pytest
from msgspec.structs import replace

from ion_mentoring.access.caller import Caller, Role
from ion_mentoring.mentoring.answering.routing import Routing, never
from ion_mentoring.mentoring.answering.values import AnswerRequest
from ion_mentoring.models.playbook.model import PlaybookModel
from ion_mentoring.models.protocol import Message
from ion_mentoring.personas.roster import load_roster
from ion_mentoring.personas.routing import RoutingTable
from ion_mentoring.understanding.resonance.detector import Detector
from ion_mentoring.understanding.turns.reader import TurnReader

ROSTER: Final = load_roster()
TRIED: Final = 0.1
DRAWS: Final = 2_000
TEXT: Final = "How do people pick a hobby?"


@pytest.fixture(scope="module")
def routing() -> Routing:
    return Routing(ROSTER, RoutingTable(ROSTER), Detector.load(), PlaybookModel(), TurnReader.load(), lambda _tenant: TRIED)


def ask(text: str = TEXT, draw: float | None = 0.0) -> AnswerRequest:
    return AnswerRequest(text, Caller("key:web", frozenset({Role.SERVICE})), language="en", draw=draw)


def test_every_choice_comes_as_often_as_its_propensity_says(routing: Routing) -> None:
    drawn = [routing.decide(ask(draw=place / DRAWS)) for place in range(DRAWS)]
    near = drawn[0].route.near
    assert len(near) > 1
    assert {one.persona.id for one in drawn} == set(near)
    for persona, times in Counter(one.persona.id for one in drawn).items():
        (said,) = {one.propensity for one in drawn if one.persona.id == persona}
        assert said == pytest.approx(times / DRAWS, abs=2 / DRAWS)
    assert {one.persona.id for one in drawn if one.explored} == set(near) - {drawn[0].route.primary}


def test_who_is_far_behind_is_never_tried(routing: Routing) -> None:
    for place in range(0, DRAWS, 10):
        decision = routing.decide(ask("I am so frustrated, nobody listens to me!!", place / DRAWS))
        assert decision.persona.id in decision.route.near
        assert decision.route.scores[decision.persona.id] >= decision.route.scores[decision.route.primary] - 0.1


def test_nothing_is_tried_without_a_draw_in_doubt_or_against_a_choice(routing: Routing) -> None:
    begun = (Message("user", TEXT), Message("assistant", "One."))
    plain = routing.decide(ask(draw=None))
    for decision in (
        plain,
        routing.decide(ask(), caring=True),
        routing.decide(replace(ask(), persona="lua")),
        replace(routing, exploration=never).decide(ask()),
    ):
        assert (decision.propensity, decision.explored) == (None, False)
    stays = routing.decide(ask("and then?", 0.0), begun)
    assert stays.stays
    assert stays.propensity is None


def test_a_conversation_stays_with_whom_its_draw_began(routing: Routing) -> None:
    begun = (Message("user", TEXT), Message("assistant", "One."))
    for draw in (0.0, 0.03, 0.06, 0.09, 0.5):
        assert routing.decide(ask("and then?", draw), begun).persona is routing.decide(ask(draw=draw)).persona


def test_who_was_tried_is_said_in_words(routing: Routing) -> None:
    explored = next(one for one in (routing.decide(ask(draw=place / 100)) for place in range(10)) if one.explored)
    assert explored.persona.name.en in routing.reasoning(explored, explored.persona)
    assert "now and then" in routing.reasoning(explored, explored.persona)
