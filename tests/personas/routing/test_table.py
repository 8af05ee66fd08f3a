"""Every key has its route, and the numbers say why."""

import math

import pytest

from ion_mentoring.errors import CardInvalid
from ion_mentoring.personas.roster import Roster, load_roster
from ion_mentoring.personas.routing import RoutingTable
from ion_mentoring.understanding.resonance.key import ALL_KEYS, ResonanceKey, Tone

ROSTER = load_roster()
TABLE = RoutingTable(ROSTER)


@pytest.mark.parametrize("key", ALL_KEYS, ids=str)
def test_contributions_add_up_to_each_score(key: ResonanceKey) -> None:
    route = TABLE.route(key)
    assert list(route.scores) == list(ROSTER)
    for persona, own in route.contributions.items():
        assert math.isclose(own.tone + own.pace + own.intent, route.scores[persona], abs_tol=1e-12)
        assert 0 <= route.scores[persona] <= 1
    first, second = route.ranked[:2]
    assert (route.primary, route.secondary) == (first, second)
    lead = route.scores[first] - route.scores[second]
    assert math.isclose(route.confidence, 0.3 * lead + 0.7 * route.scores[first], abs_tol=1e-12)


@pytest.mark.parametrize(
    ("key", "primary", "secondary", "confidence"),
    [
        ("frustrated-burst-seek_advice", "lua", "riri", 0.823),
        ("calm-medium-learning", "elro", "riri", 0.706),
        ("urgent-medium-planning", "nana", "elro", 0.742),
        ("analytical-contemplative-validation", "riri", "elro", 0.745),
    ],
)
def test_known_keys_route_as_the_tables_say(key: str, primary: str, secondary: str, confidence: float) -> None:
    route = TABLE.route(ResonanceKey.parse(key))
    assert (route.primary, route.secondary, route.confidence) == (primary, secondary, confidence)


def test_a_tie_goes_to_the_persona_listed_first() -> None:
    route = TABLE.route(ResonanceKey.parse("frustrated-burst-seek_advice"))
    assert route.scores["riri"] == route.scores["nana"]
    assert route.ranked.index("riri") < route.ranked.index("nana")


def test_every_persona_is_reached_by_some_key() -> None:
    assert {TABLE.route(key).primary for key in ALL_KEYS} >= {"lua", "elro", "riri", "nana"}


def test_one_persona_alone_answers_without_a_second() -> None:
    route = RoutingTable(Roster((ROSTER["lua"],))).route(ALL_KEYS[0])
    assert route.secondary is None
    assert route.confidence == 1.0
    assert ALL_KEYS[0].tone == Tone.FRUSTRATED


def test_nobody_to_route_to_is_an_error_at_load() -> None:
    with pytest.raises(CardInvalid, match="empty"):
        RoutingTable(Roster(()))
