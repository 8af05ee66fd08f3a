"""Which expected turn a text is, how likely, and what is wrong with files that are none."""

import json
import math
import random
import zlib

import pytest

from ion_mentoring.models.playbook.expected.expected import EXPECTED as IN_SITUATIONS
from ion_mentoring.understanding.expected.centres import SURE, Centres, read_centres
from ion_mentoring.understanding.expected.reader import ExpectedTurns
from ion_mentoring.understanding.meaning.vectors import Direction
from ion_mentoring.understanding.safety.danger import KINDS, Danger
from ion_mentoring.understanding.safety.later.expected.expected import EXPECTED as IN_DANGER
from ion_mentoring.understanding.safety.later.expected.expected import scope_of

PACKED = bytes([127, 0, 0, 127])
CENTRES = Centres({"pay": (0, 2)}, memoryview(PACKED).cast("b"), size=2, sharpness=10.0, none=5.0)


def towards(*numbers: int) -> Direction:
    return Direction(numbers, math.hypot(*numbers))


def test_the_nearest_turn_is_the_likeliest_and_the_rest_is_for_none() -> None:
    first, second = CENTRES.shares("pay", towards(9, 1))
    assert first > 0.9 > second
    assert sum(CENTRES.shares("pay", towards(-1, -1))) < 0.1
    assert sum(CENTRES.shares("pay", towards(0, 0))) < 0.1
    assert CENTRES.shares("rent", towards(1, 0)) == []


@pytest.mark.parametrize("largest", [3, 127 * 6_000])  # of a short text, and of the longest that is read
def test_the_likeness_to_all_turns_at_once_is_the_cosine_to_each(largest: int) -> None:
    chance = random.Random(largest)
    for count in (1, 2, 9):
        centres = [[chance.randint(-127, 127) for _ in range(64)] for _ in range(count)]
        packed = bytes(number % 256 for centre in centres for number in centre)
        own = Centres({"own": (0, count)}, memoryview(packed).cast("b"), size=64, sharpness=10.0, none=5.0)
        numbers = [chance.choice((-largest, largest, chance.randint(-largest, largest))) for _ in range(64)]
        cosines = [
            sum(one * other for one, other in zip(centre, numbers, strict=True)) / math.hypot(*centre) / math.hypot(*numbers)
            for centre in centres
        ]
        assert own.likeness("own", towards(*numbers)) == pytest.approx(cosines, abs=1e-12)


def test_the_odds_are_those_of_the_probabilities() -> None:
    for numbers in ((9, 1), (1, -1), (0, 0)):
        share = sum(CENTRES.shares("pay", towards(*numbers)))
        assert CENTRES.odds("pay", towards(*numbers)) == pytest.approx(share / (1 - share))
    assert CENTRES.odds("rent", towards(1, 0)) == 1.0
    sharp = Centres({"pay": (0, 2)}, memoryview(PACKED).cast("b"), size=2, sharpness=50.0, none=5.0)
    assert sharp.odds("pay", towards(1, 0)) == SURE


def test_a_file_that_promises_more_centres_than_it_has_is_refused() -> None:
    head = json.dumps({"size": 2, "turns": {"pay": 2}, "sharpness": 1, "none": 0}).encode()
    assert read_centres(head + b"\n" + zlib.compress(PACKED)).rows("pay") == CENTRES.rows("pay")
    with pytest.raises(ValueError, match="are promised"):
        read_centres(head + b"\n" + zlib.compress(bytes(3)))


def test_a_scope_without_turns_has_no_nearest_one() -> None:
    assert IN_SITUATIONS.nearest("no_such_situation", "anything", "en") is None
    assert IN_SITUATIONS.turns("no_such_situation") == ()


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("book", [IN_SITUATIONS, IN_DANGER], ids=["situations", "danger"])
def test_the_centres_are_those_of_the_turns(book: ExpectedTurns, language: str) -> None:
    counts = {scope: count for scope, (_, count) in book.centres(language).of.items()}
    assert counts == {scope: len(book.turns(scope)) for scope in book.scopes()}, "make train DATA=DIR"


def test_every_danger_has_turns_that_are_expected() -> None:
    for kind in KINDS:
        for danger in (Danger(kind, sure=True), Danger(kind, sure=True, minor=True), Danger(kind, sure=True, other=True)):
            assert len(IN_DANGER.turns(scope_of(danger))) >= 10


def test_what_answers_the_question_before_is_a_little_likelier() -> None:
    first, second = CENTRES.shares("pay", towards(7, 7), likelier={1})
    assert second > first
    plain = IN_SITUATIONS.nearest("unpaid_wages", "a month's pay", "en")
    asked = IN_SITUATIONS.nearest("unpaid_wages", "a month's pay", "en", asked=1)
    assert plain is not None
    assert asked is not None
    assert asked.probability > plain.probability
    assert asked.turn.answers == 1
