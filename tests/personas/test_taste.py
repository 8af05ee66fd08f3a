"""A person's taste in routing: one part more that adds up, shrunk to everybody's, and nothing for whom nothing is known of."""

from dataclasses import replace

import pytest
from msgspec import structs

from ion_mentoring.personas.roster import load_roster
from ion_mentoring.personas.routing import RoutingTable
from ion_mentoring.personas.taste import SHARE, Taste, propensity
from ion_mentoring.records.profiles.protocol import Population, Profile, Tally
from ion_mentoring.understanding.resonance.key import ALL_KEYS, Tone

ROSTER = load_roster()
TABLE = RoutingTable(ROSTER)
LOVES_NANA = Profile({("anxious", "nana"): Tally(20.0, 20.0), ("anxious", "lua"): Tally(0.0, 20.0)})


def test_the_parts_add_up_to_every_score_and_stay_within_bounds() -> None:
    for key in ALL_KEYS:
        taste = Taste(replace(LOVES_NANA, tallies={(key.tone, "nana"): Tally(9, 9)}))
        route = TABLE.leant(TABLE.route(key), taste.leaning(key.tone, ROSTER))
        for persona, own in route.contributions.items():
            assert sum(structs.astuple(own)) == pytest.approx(route.scores[persona], abs=1e-9)
            assert 0 <= route.scores[persona] <= 1
        assert route.tasted


def test_of_whom_nothing_is_known_a_route_is_as_the_table_has_it_until_enough_people_rated() -> None:
    key = next(key for key in ALL_KEYS if key.tone is Tone.CALM)
    few = Population({("calm", "lua"): 0.9}, {"lua": 0.9})
    for nothing in (Taste(), Taste(Profile(), few)):
        assert TABLE.leant(TABLE.route(key), nothing.leaning(key.tone, ROSTER)) is TABLE.route(key)
    assert not TABLE.route(key).tasted
    everybody = Population({("calm", "lua"): 0.9, ("calm", "elro"): 0.2}, {"lua": 0.9, "elro": 0.2})
    for_newcomers = TABLE.leant(TABLE.route(key), Taste(Profile(), everybody).leaning(key.tone, ROSTER))
    assert for_newcomers.contributions["lua"].affinity == pytest.approx(SHARE * 0.9)
    assert for_newcomers.scores["elro"] < TABLE.route(key).scores["elro"]


def test_what_is_known_at_other_tones_moves_what_is_expected_at_this_one() -> None:
    taste = Taste(LOVES_NANA)
    assert taste.value("calm", "lua") < 0.5 < taste.value("calm", "nana")
    assert taste.value("anxious", "nana") > taste.value("calm", "nana")
    assert taste.value("calm", "elro") == 0.5


def test_a_taste_that_is_known_well_changes_who_answers_and_one_rating_hardly_does() -> None:
    key = next(key for key in ALL_KEYS if str(key) == "anxious-medium-validation")
    assert TABLE.route(key).primary == "lua"
    assert TABLE.leant(TABLE.route(key), Taste(LOVES_NANA).leaning(key.tone, ROSTER)).primary == "nana"
    once = Profile({("anxious", "lua"): Tally(0.0, 1.0)})
    assert TABLE.leant(TABLE.route(key), Taste(once).leaning(key.tone, ROSTER)).primary == "lua"


def test_little_is_shrunk_to_everybodys_value_and_much_speaks_for_itself() -> None:
    everybody = Population({("anxious", "lua"): 0.9}, {"lua": 0.7, "elro": 0.4}, 0.6, prior=8.0)
    nothing, much = Taste(Profile(), everybody), Taste(Profile({("anxious", "lua"): Tally(0.0, 800.0)}), everybody)
    assert nothing.value("anxious", "lua") == 0.9
    assert nothing.value("calm", "lua") == 0.7, "no cell: the persona's own mean"
    assert nothing.value("calm", "nana") == 0.6, "no persona: everybody's mean"
    assert much.value("anxious", "lua") == pytest.approx(0.0, abs=0.01)
    assert (nothing.share("anxious"), much.share("anxious")) == (0.0, pytest.approx(SHARE * 800 / 808))


@pytest.mark.parametrize("near", [1, 2, 3, 4])
def test_probabilities_of_a_choice_add_up(near: int) -> None:
    shares = [propensity(0.05, near, best=True), *(propensity(0.05, near, best=False) for _ in range(near - 1))]
    assert sum(shares) == pytest.approx(1)
    assert min(shares) > 0
