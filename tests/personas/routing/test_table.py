"""Every key has its route, and the numbers say why."""

import math

import pytest

from ion_mentoring.errors import CardInvalid
from ion_mentoring.models.subject import Subject
from ion_mentoring.personas.roster import Roster, load_roster
from ion_mentoring.personas.routing import RoutingTable
from ion_mentoring.understanding.resonance.detector import Distribution
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


def told(**parts: dict[str, float]) -> Distribution:
    return Distribution(**({"tone": {}, "pace": {}, "intent": {}} | parts))  # type: ignore[arg-type]


@pytest.mark.parametrize("key", ALL_KEYS[::7], ids=str)
def test_what_is_certain_is_routed_as_by_the_table(key: ResonanceKey) -> None:
    certain = told(**{part: {value: 1.0} for part, value in key.parts.items()})
    expected, exact = TABLE.expected(certain), TABLE.route(key)
    assert expected.primary == exact.primary
    assert expected.scores == pytest.approx(exact.scores, abs=1e-3)


def test_what_nothing_tells_counts_as_any_value() -> None:
    for persona, own in TABLE.expected(told()).contributions.items():
        column = ROSTER[persona].affinity.tone.values()
        assert own.tone == pytest.approx(0.5 * sum(column) / len(column), abs=1e-3)


def test_between_two_tones_the_score_is_between() -> None:
    both = TABLE.expected(told(tone={"anxious": 0.5, "analytical": 0.5}))
    one, other = (TABLE.expected(told(tone={tone: 1.0})) for tone in ("anxious", "analytical"))
    for persona in ROSTER:
        low, high = sorted((one.scores[persona], other.scores[persona]))
        assert low <= both.scores[persona] <= high


@pytest.mark.parametrize("topic", ["code", "feelings", "data", "teams"])
def test_a_subject_votes_for_whom_it_belongs_to(topic: str) -> None:
    plain, about = TABLE.expected(told()), TABLE.expected(told(), Subject(topic, "title", 0.9))
    for persona, own in about.contributions.items():
        assert (own.situation > 0) == (topic in ROSTER[persona].topics)
        assert math.isclose(own.tone + own.pace + own.intent + own.situation, about.scores[persona], abs_tol=1e-4)
        assert (about.scores[persona] > plain.scores[persona]) == (topic in ROSTER[persona].topics)
    assert about.subject == "title"
    assert TABLE.expected(told(), Subject(topic, "title", 0.3)).subject is None, "people are not told what is a guess"


@pytest.mark.parametrize("key", ALL_KEYS, ids=str)
def test_the_counterfactual_would_have_chosen_another(key: ResonanceKey) -> None:
    route = TABLE.route(key)
    change = route.counterfactual
    assert change is not None
    changed = ResonanceKey.of(**{**key.parts, change.part: change.value})
    assert TABLE.route(changed).primary == change.persona != route.primary


def test_every_key_has_a_counterfactual_unless_there_is_one_persona() -> None:
    assert all(TABLE.route(key).counterfactual for key in ALL_KEYS)
    assert RoutingTable(Roster((ROSTER["lua"],))).route(ALL_KEYS[0]).counterfactual is None
