"""The estimate of costs: its sums, its limits, and the page that shows it."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from infra.functions import read_map
from infra.tables.costs import DAYS, PAGE, PRICES, Estimate, Prices, busy_instances, main, parts, read, tables
from infra.tables.pages import made_part
from infra.user_error import UserError
from ion_mentoring.mentoring.warming.popular import HOTTEST
from ion_mentoring.mentoring.warming.warm_caches import Pace, load_questions
from ion_mentoring.records.batches.results import RETENTION as RESULTS
from ion_mentoring.records.conversations.protocol import RETENTION as TURNS
from ion_mentoring.records.ledger.protocol import RETENTION as ENTRIES

REPOSITORY = Path(__file__).resolve().parents[2]
TERRAFORM = REPOSITORY / "infra/terraform"
FUNCTIONS = read_map(REPOSITORY)


@pytest.fixture(scope="module")
def estimate() -> Estimate:
    return read()


def test_the_page_shows_what_the_program_says(estimate: Estimate) -> None:
    assert made_part(PAGE) == tables(estimate, FUNCTIONS)


def test_the_sums_are_those_of_the_parts(estimate: Estimate) -> None:
    lines = [[cell.strip("* ") for cell in line.strip("|").split("|")] for line in tables(estimate, FUNCTIONS).splitlines()]
    told = {line[0]: line[1:] for line in lines if len(line) == 4}
    for column, (name, use) in enumerate(estimate.sizes.items()):
        found = parts(estimate.prices, use, FUNCTIONS)
        assert told["in all"][column] == f"{sum(found.values()):,.0f}", name
        assert told["without the model"][column] == f"{sum(found.values()) - found['The model']:,.0f}", name
        assert all(cost >= 0 for cost in found.values())


@pytest.mark.parametrize("size", ["small", "medium", "large"])
def test_more_use_never_costs_less(estimate: Estimate, size: str) -> None:
    use = estimate.sizes[size]
    less, more = (
        parts(estimate.prices, replace(use, questions_a_day=use.questions_a_day * times), FUNCTIONS) for times in (1, 2)
    )
    assert all(more[part] >= less[part] for part in less)
    assert sum(more.values()) > sum(less.values())


def test_a_better_hit_rate_is_cheaper_and_a_region_less_is_too(estimate: Estimate) -> None:
    use = estimate.sizes["medium"]
    better = replace(use, more={**use.more, "hit_rate": 0.95})
    fewer = replace(use, shares={"us-central1": 1.0})
    for changed in (better, fewer):
        assert sum(parts(estimate.prices, changed, FUNCTIONS).values()) < sum(parts(estimate.prices, use, FUNCTIONS).values())


def test_what_is_free_never_pays_back() -> None:
    prices = Prices({"x": {"usd": 2.0, "free": 10}, "y": {"usd": {"here": 3.0}}})
    assert prices.of("x", 4) == 0
    assert prices.of("x", 11) == pytest.approx(2.0)
    assert prices.of("y", 2, "here") == pytest.approx(6.0)
    with pytest.raises(UserError, match="has no price z"):
        prices.of("z", 1)
    with pytest.raises(UserError, match="has no price y for there"):
        prices.of("y", 1, "there")


@pytest.mark.parametrize(
    ("rate", "busy_s", "at_once", "instances"),
    [(0.0, 1.0, 40, 0.0), (0.01, 0.1, 40, 0.001), (1000.0, 0.1, 40, 2.5), (10.0, 0.1, 40, 0.632)],
)
def test_few_requests_share_nothing_and_many_fill_instances(
    rate: float, busy_s: float, at_once: float, instances: float
) -> None:
    assert busy_instances(rate, busy_s, at_once) == pytest.approx(instances, abs=0.001)


def test_what_is_reckoned_with_is_what_the_code_does(estimate: Estimate) -> None:
    more = estimate.sizes["small"].more
    assert more["days_turns"] == TURNS.days == RESULTS.days
    assert more["days_entries"] == ENTRIES.days
    assert more["warming_a_day"] == (HOTTEST + 2 * len(load_questions())) * _runs_a_day()
    assert 'scope = "popular"' in (TERRAFORM / "modules/region/messages.tf").read_text(encoding="utf-8")
    assert f'name = "{more["model"]}"' in (TERRAFORM / "envs/prod/main.tf").read_text(encoding="utf-8")
    assert more["warming_a_minute"] == Pace().per_minute
    assert sum(estimate.sizes["small"].shares.values()) == pytest.approx(1)


def _runs_a_day() -> int:
    """Of the warming function, by its schedule."""
    text = (TERRAFORM / "modules/region/messages.tf").read_text(encoding="utf-8")
    ((every,),) = [re.findall(r'schedule +?= "0 \*/(\d+) \* \* \*"', text)]
    return 24 // int(every)


def test_home_and_model_are_those_of_prod(estimate: Estimate) -> None:
    text = (TERRAFORM / "envs/prod/main.tf").read_text(encoding="utf-8")
    use = estimate.sizes["small"]
    assert re.findall(r'^  home = "([^"]+)"', text, re.MULTILINE) == [use.home]
    assert re.findall(r'model += \{ name = "([^"]+)"', text) == [use.more["model"]]


def test_a_model_makes_misses_follow_ups_items_and_what_is_kept_warm(estimate: Estimate) -> None:
    use = estimate.sizes["small"]
    never = replace(use, renewals_a_day=0, more={**use.more, "hit_rate": 1.0, "batch_share": 0, "warming_a_day": 0})
    assert never.made == pytest.approx(never.questions * never.more["follow_ups"])
    warmed = replace(never, renewals_a_day=1, more={**never.more, "warming_a_day": 2})
    assert warmed.made - never.made == pytest.approx(3 * DAYS * len(use.shares))
    batches = replace(never, more={**never.more, "batch_share": 0.1})
    assert batches.made - never.made == pytest.approx(0.1 * never.questions)
    assert batches.made_in(batches.home) - never.made_in(never.home) == pytest.approx(0.1 * never.questions)


def test_the_map_says_how_many_routers_always_run(estimate: Estimate) -> None:
    use = estimate.sizes["small"]
    asked = {**FUNCTIONS, "router": {**FUNCTIONS["router"], "min_instances": 3}}
    assert parts(estimate.prices, use, asked) == parts(estimate.prices, replace(use, routers=3), FUNCTIONS)
    assert parts(estimate.prices, use, asked) != parts(estimate.prices, use, FUNCTIONS)


def test_a_set_that_cannot_carry_its_peak_is_refused(estimate: Estimate) -> None:
    use = replace(estimate.sizes["large"], questions_a_day=500_000_000)
    with pytest.raises(UserError, match=r"^router: 50 instances do not carry [\d,]+ requests at once"):
        parts(estimate.prices, use, FUNCTIONS)


def test_every_price_says_where_it_is_from() -> None:
    text = PRICES.read_text(encoding="utf-8")
    entries = re.findall(r"^\[price\.(\w+)\](.*?)(?=^\[)", text, re.MULTILINE | re.DOTALL)
    assert len(entries) > 20
    for name, entry in entries:
        assert 'source = "https://' in entry, name
        assert re.search(r"^checked = (true|false)", entry, re.MULTILINE), name


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("[price.internet]", "[price.elsewhere]", "has no price internet"),
        ('model = "gemini:gemini-2.5-flash-lite"', 'model = "gemini:none"', "has no price of gemini:none"),
        ("[share]", "[shared]", "KeyError: 'share'"),
        ("[share]", "[share", "TOMLDecodeError"),
    ],
)
def test_what_is_missing_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], before: str, after: str, said: str
) -> None:
    (tmp_path / "prices.toml").write_text(PRICES.read_text(encoding="utf-8").replace(before, after), encoding="utf-8")
    assert main(["--prices", str(tmp_path / "prices.toml")]) == 1
    assert said in capsys.readouterr().err


def test_the_goals_by_continent_are_told_with_their_sums(estimate: Estimate) -> None:
    slower = {**estimate.steps, "model_first_text": {"US": 5.0, "Europe": 0.1, "Asia": 0.1, "measured": "x"}}
    text = tables(replace(estimate, steps=slower), FUNCTIONS)
    assert "0.9: MISSED" in text
    assert "1.2: holds" in text
    assert "1.5: MISSED" in text  # if the model thinks first
