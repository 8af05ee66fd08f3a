"""The prices: an honest table, an operator's own, and sums of money that are exact."""

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ion_mentoring.errors import SettingsInvalid
from ion_mentoring.records.ledger.prices import Charge, Cost, Price, Prices
from ion_mentoring.settings.models import ModelChoice
from ion_mentoring.usage.meter import ModelCall, Usage

TABLE = Prices.load().table
VENDORS_PAGES = {"gemini": "https://ai.google.dev/", "openai": "https://developers.openai.com/"}


def spent(model: str, read: int, written: int, *, estimated: bool = False) -> ModelCall:
    return ModelCall(model, Usage(read, written, estimated))


@pytest.mark.parametrize("model", sorted(TABLE))
def test_every_price_has_a_name_that_can_be_chosen_and_says_where_it_is_from(model: str) -> None:
    price = TABLE[model]
    assert ModelChoice(model=model, model_url="http://host/v1", model_api_key="k").model == model
    assert price.source.startswith(VENDORS_PAGES.get(model.partition(":")[0], "answers without a vendor"))
    assert price.as_of is not None
    assert date(2026, 1, 1) <= price.as_of <= datetime.now(UTC).date()


@pytest.mark.parametrize("model", sorted(TABLE))
def test_writing_costs_at_least_what_reading_costs_and_only_the_playbook_is_free(model: str) -> None:
    for price in filter(None, (TABLE[model], TABLE[model].then)):
        assert price.output >= price.input
        assert (price.input > 0) == (model != "playbook")


@pytest.mark.parametrize("model", sorted(TABLE))
def test_a_price_that_ends_says_what_follows(model: str) -> None:
    price = TABLE[model]
    assert (price.until is None) == (price.then is None)


def test_the_models_that_one_begins_with_have_a_price() -> None:
    assert {"playbook", "gemini:gemini-2.5-flash", "openai:gpt-5-mini"} <= TABLE.keys()


def test_a_token_at_thirty_cents_a_million_is_three_hundred_nano_dollars() -> None:
    assert Prices.load().cost([spent("gemini:gemini-2.5-flash", 1, 0)]) == Cost(300)
    assert Prices.load().cost([spent("gemini:gemini-2.5-flash", 10, 4)]) == Cost(10 * 300 + 4 * 2_500)


def test_the_playbook_costs_nothing_and_is_priced() -> None:
    assert Prices.load().cost([spent("playbook", 1_000, 1_000)]) == Cost()


def test_tokens_of_a_model_without_a_price_are_counted_apart() -> None:
    prices = Prices({"known": Price(input=Decimal(1), output=Decimal(2))})
    assert prices.cost([spent("known", 1, 1), spent("new", 7, 8)]) == Cost(3_000, unpriced_tokens=15)


def test_one_estimated_call_makes_the_whole_cost_an_estimate() -> None:
    prices = Prices({"known": Price(input=Decimal(1), output=Decimal(2))})
    assert not prices.cost([spent("known", 1, 1)]).estimated
    assert prices.cost([spent("known", 1, 1), spent("known", 1, 1, estimated=True)]).estimated
    assert prices.cost([spent("new", 1, 1, estimated=True)]) == Cost(0, 2, estimated=True)


def test_nothing_that_was_spent_costs_nothing() -> None:
    assert Prices.load().cost([]) == Cost()


def test_each_call_is_charged_for_itself() -> None:
    calls = (spent("gemini:gemini-2.5-flash", 1, 0), spent("new", 2, 3))
    assert Prices.load().charges(calls) == (
        Charge("gemini:gemini-2.5-flash", Usage(1, 0), Cost(300)),
        Charge("new", Usage(2, 3), Cost(0, 5)),
    )


def test_a_price_ends_with_its_last_day() -> None:
    price = Price(
        input=Decimal(1), output=Decimal(1), until=date(2026, 12, 31), then=Price(input=Decimal(2), output=Decimal(2))
    )
    day = date(2026, 12, 31)
    prices = Prices({"m": price}, lambda: day)
    assert prices.cost([spent("m", 1, 0)]) == Cost(1_000)
    day = date(2027, 1, 1)
    assert prices.cost([spent("m", 1, 0)]) == Cost(2_000)
    assert prices.with_overrides("other=1/1").cost([spent("m", 1, 0)]) == Cost(2_000), "the clock stays with the prices"


@given(
    st.decimals(0, Decimal("9999.999999"), places=6),
    st.decimals(0, Decimal("9999.999999"), places=6),
    st.integers(0, 100_000_000),
    st.integers(0, 100_000_000),
)
def test_a_cost_is_right_to_half_a_nano_dollar(into: Decimal, out: Decimal, read: int, written: int) -> None:
    prices = Prices({}).with_overrides(f"m={into:f}/{out:f}")
    exact = (Fraction(into) * read + Fraction(out) * written) * 1_000
    assert abs(prices.cost([spent("m", read, written)]).nano_usd - exact) <= Fraction(1, 2)


@given(st.lists(st.builds(ModelCall, st.sampled_from([*sorted(TABLE), "new"]), st.builds(Usage, st.integers(0, 10**8)))))
def test_costs_add_up_in_any_order(calls: list[ModelCall]) -> None:
    prices = Prices.load(lambda: date(2026, 11, 23))
    apart = sum((prices.cost([call]) for call in reversed(calls)), Cost())
    assert prices.cost(calls) == apart == sum((charge.cost for charge in prices.charges(calls)), Cost())


def test_an_operators_price_goes_before_the_tables_and_the_rest_stays() -> None:
    prices = Prices.load().with_overrides("gemini:gemini-2.5-flash=1/2, openai:llama3=0/0\n openai:z=0.0375/0.15")
    assert prices.cost([spent("gemini:gemini-2.5-flash", 1, 1)]) == Cost(3_000)
    assert prices.cost([spent("openai:llama3", 9, 9)]) == Cost()
    assert prices.cost([spent("openai:z", 2, 1)]) == Cost(225)
    assert prices.cost([spent("openai:gpt-4o-mini", 1, 0)]) == Cost(150)


@pytest.mark.parametrize("nothing", ["", "  ", ",", " , ,"])
def test_no_overrides_change_nothing(nothing: str) -> None:
    assert Prices.load().with_overrides(nothing).table == TABLE


@pytest.mark.parametrize(
    "wrong",
    [
        "secret",
        "secret=",
        "secret=1",
        "secret=1/",
        "secret=/1",
        "=1/1",
        "secret=1/2/3",
        "secret=-1/1",
        "secret=1e3/1",
        "secret=.5/1",
        "secret=1,5/1",
        "secret=nan/1",
        "secret=10000/1",
        "secret=0.0000001/1",
        "secret=1/1=1/1",
        "secret=١/1",
        "secret = 1/1",
        "secret=1/1 secret=1/1",
    ],
)
def test_a_malformed_setting_is_named_and_not_shown(wrong: str) -> None:
    with pytest.raises(SettingsInvalid, match=r"^MODEL_PRICES: entry \d ") as caught:
        Prices.load().with_overrides(f"openai:first=1/1 {wrong}")
    assert caught.value.field == "MODEL_PRICES"
    assert "secret" not in str(caught.value)
