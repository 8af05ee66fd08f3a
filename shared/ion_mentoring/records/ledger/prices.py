"""The prices of models, as data; money is counted in whole nano-dollars (1e-9 USD), so that sums are exact."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated, Any, Final

from pydantic import Field

from ion_mentoring.catalogue.bilingual import Frozen
from ion_mentoring.errors import SettingsInvalid
from ion_mentoring.resources import paths, read_model
from ion_mentoring.usage.meter import ModelCall, Usage

PRICES: Final = "ion_mentoring/records/ledger/prices.toml"
NANO_PER_MILLION: Final = 1_000  # one dollar for a million tokens is 1,000 nano-dollars a token
_USD: Final = r"[0-9]{1,4}(?:\.[0-9]{1,6})?"
_OVERRIDE: Final = re.compile(rf"(?P<model>[^\s,=]+)=(?P<input>{_USD})/(?P<output>{_USD})")

Usd = Annotated[Decimal, Field(ge=0, lt=10_000, decimal_places=6)]


class Price(Frozen):
    """Dollars for a million tokens read and written, as `source` said on the day `as_of`.

    `until` is the last day (UTC) of a price that ends, `then` the one that follows.
    """

    input: Usd
    output: Usd
    as_of: date | None = None
    source: str = ""
    until: date | None = None
    then: "Price | None" = None

    def on(self, day: date) -> "Price":
        """The price of that day."""
        return self.then if self.then and self.until and day > self.until else self

    def nano_usd(self, usage: Usage) -> int:
        """The cost of tokens, to the nearest nano-dollar."""
        dollars = usage.input_tokens * self.input + usage.output_tokens * self.output
        return int((dollars * NANO_PER_MILLION).to_integral_value(ROUND_HALF_UP))


class PriceTable(Frozen):
    """The table, by the name that the setting MODEL has."""

    model: dict[str, Price]


@dataclass(frozen=True, slots=True)
class Cost:
    """`unpriced_tokens` were used with models that have no price; `estimated` where a vendor could not say what it counted."""

    nano_usd: int = 0
    unpriced_tokens: int = 0
    estimated: bool = False

    def __add__(self, other: "Cost") -> "Cost":
        return Cost(
            self.nano_usd + other.nano_usd,
            self.unpriced_tokens + other.unpriced_tokens,
            self.estimated or other.estimated,
        )


@dataclass(frozen=True, slots=True)
class Charge:
    """One call to a model and what it costs."""

    model: str
    usage: Usage
    cost: Cost

    @staticmethod
    def of(fields: Mapping[str, Any]) -> "Charge":
        """The charge of its fields as stores keep them."""
        return Charge(fields["model"], Usage(**fields["usage"]), Cost(**fields["cost"]))


def _today() -> date:
    return datetime.now(UTC).date()


@dataclass(frozen=True, slots=True)
class Prices:
    """Prices by model, as they are `today` (in UTC)."""

    table: Mapping[str, Price]
    today: Callable[[], date] = _today

    @staticmethod
    def load(today: Callable[[], date] = _today) -> "Prices":
        """The prices of the product's own table."""
        return Prices(read_model(PriceTable, paths(PRICES)[0]).model, today)

    def with_overrides(self, setting: str) -> "Prices":
        """With prices as an operator knows them: `gemini:x=0.30/2.50, openai:y=0/0`, in and out, up to 9999.999999 dollars.

        SettingsInvalid names MODEL_PRICES and the place of an entry that says less, or prices a model again.
        """
        own: dict[str, Price] = {}
        for place, entry in enumerate(filter(None, re.split(r"[,\s]+", setting)), 1):
            found = _OVERRIDE.fullmatch(entry)
            if not found:
                raise SettingsInvalid(f"MODEL_PRICES: entry {place} is not model=input/output", field="MODEL_PRICES")
            if found["model"] in own:
                raise SettingsInvalid(f"MODEL_PRICES: entry {place} prices a model again", field="MODEL_PRICES")
            own[found["model"]] = Price(input=Decimal(found["input"]), output=Decimal(found["output"]), source="MODEL_PRICES")
        return replace(self, table={**self.table, **own})

    def known(self, model: str) -> bool:
        """True for a model that has a price."""
        return model in self.table

    def charges(self, spent: Sequence[ModelCall]) -> tuple[Charge, ...]:
        """Calls with what each of them costs."""
        return tuple(Charge(call.model, call.usage, self._cost(call)) for call in spent)

    def cost(self, spent: Sequence[ModelCall]) -> Cost:
        """The cost of calls together."""
        return sum(map(self._cost, spent), Cost())

    def _cost(self, call: ModelCall) -> Cost:
        usage, price = call.usage, self.table.get(call.model)
        if price is None:
            return Cost(0, usage.input_tokens + usage.output_tokens, usage.estimated)
        return Cost(price.on(self.today()).nano_usd(usage), 0, usage.estimated)
