"""The protocol of the ledger: entries of answers' costs, and their sums."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import astuple, dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final, Literal, Protocol

from ion_mentoring.records.ledger.prices import Charge
from ion_mentoring.records.paging import Page

RETENTION: Final = timedelta(days=400)  # 13 months: a month can be compared with the same one of the year before
LONGEST_MONTH: Final = timedelta(days=31)
RESERVED_FOR: Final = timedelta(minutes=10)  # longer than any answer takes: then it died with its instance
TOP_CALLERS: Final = 20
PAGE: Final = 100  # of a caller's entries, read at once

Outcome = Literal["whole", "streamed", "cut", "failed"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One answer that asked a model, under an id of ours: `model` wrote it, `charges` are for all calls that were made for it.

    A `cut` answer was left by its caller, a `failed` one never came; both may have cost something.
    """

    id: str
    at: datetime
    caller: str
    persona: str
    model: str
    charges: tuple[Charge, ...]
    outcome: Outcome

    @property
    def month(self) -> str:
        """The month that it belongs to."""
        return month_of(self.at)


@dataclass(frozen=True, slots=True)
class Reservation:
    """The outcome of a reservation, and how many tokens the caller has used or reserved in the month without them."""

    granted: bool
    used_tokens: int


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over answers; `estimated_tokens` are those that no vendor counted, `unpriced_tokens` those without a price."""

    answers: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    estimated_tokens: int = 0
    unpriced_tokens: int = 0
    nano_usd: int = 0

    def __add__(self, other: "Totals") -> "Totals":
        return Totals(*(mine + others for mine, others in zip(astuple(self), astuple(other), strict=True)))


@dataclass(frozen=True, slots=True)
class Spending:
    """A month (`2026-11`, in UTC): all answers together, and by persona, by model, by the callers who used most."""

    month: str
    total: Totals = field(default_factory=Totals)
    by_persona: Mapping[str, Totals] = field(default_factory=dict)
    by_model: Mapping[str, Totals] = field(default_factory=dict)
    by_caller: Mapping[str, Totals] = field(default_factory=dict)


class Ledger(Protocol):
    """Keeps entries and budgets; StoreUnavailable from every method when the store does not answer."""

    async def reserve(self, caller: str, entry_id: str, month: str, tokens: int, limit: int) -> Reservation:
        """Reserves tokens for the answer of that id if the caller has not reached its limit yet, so that callers who ask
        at once overshoot it by one answer at most.

        Under an id that has its reservation nothing is reserved again. One that is never settled ends after `RESERVED_FOR`.
        """

    async def settle(self, entry: Entry, *, reserved_tokens: int = 0) -> bool:
        """Writes an entry and gives back what was reserved under its id; False, and no sum changed, if it is known.

        An entry without charges only ends its reservation.
        """

    async def own(self, caller: str, after: str) -> Page[Entry]:
        """The entries of a caller, in no order."""

    async def spending(self, month: str) -> Spending:
        """The cost of a month (`2026-11`) so far; nothing is known of it once it is over for `RETENTION`."""


def month_of(at: datetime) -> str:
    """The month of a moment, as `2026-11`: budgets begin anew with the month in UTC."""
    return at.astimezone(UTC).strftime("%Y-%m")


def kept_until(month: str) -> datetime:
    """The time when the sums of a month are forgotten: not before the last of its entries, however long it was."""
    return datetime.strptime(month, "%Y-%m").replace(tzinfo=UTC) + LONGEST_MONTH + RETENTION


def shares(entry: Entry) -> Iterator[tuple[str, str, Totals]]:
    """The totals that an entry adds to, as (part, name, totals): to the whole, to its persona and caller, to each model."""
    whole = sum(map(_totals, entry.charges), Totals(answers=1))
    yield "total", "", whole
    yield "persona", entry.persona, whole
    yield "caller", entry.caller, whole
    for model in filter(None, dict.fromkeys((entry.model, *(charge.model for charge in entry.charges)))):
        own = (_totals(charge) for charge in entry.charges if charge.model == model)
        yield "model", model, sum(own, Totals(answers=int(model == entry.model)))


def spending_of(month: str, totals: Iterable[tuple[str, str, Totals]]) -> Spending:
    """The spending of a month from all its totals, in any order and any number of pieces."""
    parts: dict[str, dict[str, Totals]] = {"total": {}, "persona": {}, "model": {}, "caller": {}}
    for part, name, own in totals:
        parts[part][name] = parts[part].get(name, Totals()) + own
    most = sorted(parts["caller"].items(), key=lambda one: (-one[1].input_tokens - one[1].output_tokens, one[0]))
    return Spending(
        month=month,
        total=parts["total"].get("", Totals()),
        by_persona=dict(sorted(parts["persona"].items())),
        by_model=dict(sorted(parts["model"].items())),
        by_caller=dict(most[:TOP_CALLERS]),
    )


def _totals(charge: Charge) -> Totals:
    usage, cost = charge.usage, charge.cost
    return Totals(
        input_tokens=usage.input_tokens,
        output_tokens=usage.output_tokens,
        estimated_tokens=usage.input_tokens + usage.output_tokens if usage.estimated else 0,
        unpriced_tokens=cost.unpriced_tokens,
        nano_usd=cost.nano_usd,
    )
