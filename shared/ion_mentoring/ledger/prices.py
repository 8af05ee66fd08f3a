"""What models cost, as data; money is counted in whole nano-dollars (1e-9 USD), so that sums are exact."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Final

from pydantic import Field

from ion_mentoring.catalogue.bilingual import Frozen
from ion_mentoring.errors import SettingsInvalid
from ion_mentoring.models.spending import Spent, Usage
from ion_mentoring.resources import paths, read_model

PRICES: Final = "ion_mentoring/ledger/prices.toml"
NANO_PER_MILLION: Final = 1_000  # one dollar for a million tokens is 1,000 nano-dollars a token
_OVERRIDE: Final = re.compile(r"^(?P<model>[^\s,=]+)=(?P<input>\d+(\.\d+)?)/(?P<output>\d+(\.\d+)?)$")

Usd = Annotated[Decimal, Field(ge=0, le=10_000, decimal_places=3)]


class Price(Frozen):
    """Dollars for a million tokens read and written, from `as_of` on, as `source` says."""

    input: Usd
    output: Usd
    as_of: str = ""
    source: str = ""


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


@dataclass(frozen=True, slots=True)
class Prices:
    """Prices by model."""

    table: Mapping[str, Price]

    @staticmethod
    def load() -> "Prices":
        """The prices of the product's own table."""
        return Prices(read_model(PriceTable, paths(PRICES)[0]).model)

    def with_overrides(self, setting: str) -> "Prices":
        """With prices as an operator knows them: `gemini:x=0.30/2.50, openai:y=0/0`, in and out; SettingsInvalid for less."""
        own: dict[str, Price] = {}
        for place, entry in enumerate(filter(None, re.split(r"[,\s]+", setting)), 1):
            found = _OVERRIDE.match(entry)
            if not found:
                raise SettingsInvalid(f"MODEL_PRICES: entry {place} is not model=input/output", field="MODEL_PRICES")
            own[found["model"]] = Price(input=Decimal(found["input"]), output=Decimal(found["output"]), source="MODEL_PRICES")
        return Prices({**self.table, **own})

    def charges(self, spent: Sequence[Spent]) -> tuple[Charge, ...]:
        """Calls with what each of them costs."""
        return tuple(Charge(call.model, call.usage, self._cost(call)) for call in spent)

    def cost(self, spent: Sequence[Spent]) -> Cost:
        """What calls cost together."""
        return sum(map(self._cost, spent), Cost())

    def _cost(self, call: Spent) -> Cost:
        usage, price = call.usage, self.table.get(call.model)
        if price is None:
            return Cost(0, usage.input_tokens + usage.output_tokens, usage.estimated)
        read, written = int(price.input * NANO_PER_MILLION), int(price.output * NANO_PER_MILLION)
        return Cost(usage.input_tokens * read + usage.output_tokens * written, 0, usage.estimated)
