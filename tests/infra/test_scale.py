"""The set on paper at three sizes: what is needed, what breaks first, and that both follow the data and the code."""

from dataclasses import replace
from pathlib import Path

import pytest

from infra.functions import read_map
from infra.tables.costs import read
from infra.tables.scale import SCALE, Scale, needed, read_scale, scale_tables, woken
from infra.user_error import UserError
from ion_mentoring.records.ledger.firestore import SHARDS

FUNCTIONS = read_map(Path(__file__).resolve().parents[2])
SMALL, MEDIUM, LARGE = "10,000", "1 million", "100 million"


@pytest.fixture(scope="module")
def scale() -> Scale:
    return read_scale(read())


def test_more_questions_never_need_less(scale: Scale) -> None:
    small, medium, large = (needed(scale, scale.sizes[name], FUNCTIONS) for name in (SMALL, MEDIUM, LARGE))
    same = replace(scale.sizes[SMALL], questions_a_day=2 * scale.sizes[SMALL].questions_a_day)
    assert all(needed(scale, same, FUNCTIONS)[part] >= amount for part, amount in small.items())
    for part in ("month", "caller", "database", "model"):
        assert small[part] < medium[part] < large[part]


def test_every_part_that_is_needed_has_a_limit_and_a_change(scale: Scale) -> None:
    assert list(needed(scale, scale.sizes[SMALL], FUNCTIONS)) == list(scale.limits)
    for part, limit in scale.limits.items():
        assert limit["unit"]
        assert limit["change"]
        assert all(scale.most(part, use, FUNCTIONS) > 0 for use in scale.sizes.values())


def test_what_breaks_follows_the_map_of_functions(scale: Scale) -> None:
    cramped = {name: {**entry, "max_instances": 1} for name, entry in FUNCTIONS.items()}
    (told,) = [line for line in scale_tables(read(), cramped).splitlines() if "share used: instances of the router" in line]
    assert told.split("|")[-2].strip().startswith("**"), "100 million questions want more than one router"


def test_cores_count_where_they_are_less_than_concurrency(scale: Scale) -> None:
    use = replace(scale.sizes[LARGE], more={**scale.sizes[LARGE].more, "model_s": 0.001})
    dear = replace(scale, figures={**scale.figures, "router_ms": 100.0})
    assert needed(dear, use, FUNCTIONS)["router"] > 2 * needed(scale, use, FUNCTIONS)["router"]


def test_a_persona_that_is_rarely_asked_sleeps(scale: Scale) -> None:
    busy = scale.sizes[MEDIUM]
    quiet = replace(busy, questions_a_day=100, renewals_a_day=0, more={**busy.more, "warming_a_day": 0})
    assert woken(scale, busy, FUNCTIONS) < 0.01 < 0.5 < woken(scale, quiet, FUNCTIONS)


def test_the_documents_of_a_month_are_as_many_as_the_ledger_has(scale: Scale) -> None:
    assert scale.limits["month"]["documents"] == SHARDS


def test_a_file_that_lacks_something_is_told(tmp_path: Path) -> None:
    broken = tmp_path / "scale.toml"
    broken.write_text(SCALE.read_text(encoding="utf-8").replace("[measured]", "[other]"), encoding="utf-8")
    with pytest.raises(UserError, match="'measured'"):
        read_scale(read(), broken)
