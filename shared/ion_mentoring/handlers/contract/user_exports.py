"""The export of a user as typed shapes, and each kept value as its record in it."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any, Final

from pydantic import Field
from typing_extensions import TypedDict

from ion_mentoring.handlers.contract.consents import KeptConsentView, kept_consent_view
from ion_mentoring.handlers.contract.feedback import RatingView, rating_view
from ion_mentoring.handlers.contract.session_views import TurnView, turn_view
from ion_mentoring.handlers.web.responses import timestamp
from ion_mentoring.records.batches.results import HeldResult
from ion_mentoring.records.batches.submissions import HeldItem
from ion_mentoring.records.conversations.whole import SessionPart
from ion_mentoring.records.erasures.protocol import Erasure
from ion_mentoring.records.experiments.protocol import Exposed
from ion_mentoring.records.feedback.protocol import Rating
from ion_mentoring.records.ledger.protocol import Entry
from ion_mentoring.records.profiles.protocol import Profile


class KeptKindView(TypedDict):
    """A kind of what is kept: where it lies, for how long, why, and on what ground. `exported` kinds are in this export."""

    kind: str
    what: str
    where: str
    kept: str
    why: str
    basis: str
    exported: bool


class ProcessorView(TypedDict):
    """Somebody else who processes it."""

    processor: Annotated[str, Field(examples=["google_cloud", "gemini", "openai"])]
    what: str


class SessionPartView(TypedDict):
    """Some turns of a session in their order; a long one has several parts, one after the other."""

    session_id: str
    updated_at: str
    part: int
    turns: list[TurnView]


class ItemExportView(TypedDict):
    """An item that was handed in with a batch."""

    batch_id: str
    place: int
    item_id: str
    request: dict[str, Any]
    kept_until: str


class ResultExportView(TypedDict):
    """The result of an item; `batch_id` is a keyed name where a publisher chose it."""

    batch_id: str
    item_id: str
    state: str
    answer: dict[str, Any] | None
    reason: str | None
    at: str
    kept_until: str


class TasteView(TypedDict):
    """The sum of what spoke for a persona at a tone, of all that spoke at all; older ratings count less."""

    tone: str
    persona: str
    ups: float
    weight: float


class ProfileExportView(TypedDict):
    """The profile: what was learnt, the choices about that, and the consent."""

    ratings: int
    at: str | None
    personalise: bool
    experiments: bool
    learnt_from: str | None
    consent: KeptConsentView
    tastes: list[TasteView]


class CostView(TypedDict):
    """The cost of one answer."""

    at: str
    persona: str
    model: str
    outcome: str
    input_tokens: int
    output_tokens: int
    nano_usd: int


class ExposureExportView(TypedDict):
    """An arm of an experiment that was met, in one of its phases, and when first."""

    experiment: str
    phase: int
    arm: str
    at: str


class ErasureExportView(TypedDict):
    """An erasure that was asked for before."""

    asked_at: str
    finished_at: str | None
    erased: dict[str, int]


class UserExportView(TypedDict):
    """Everything that is kept of a user. `complete` is false where the store stopped answering midway."""

    success: bool
    form: Annotated[str, Field(examples=["ion-export/1"])]
    user_id: str
    kinds: list[KeptKindView]
    processors: list[ProcessorView]
    request_id: str
    timestamp: str
    sessions: list[SessionPartView]
    batch_items: list[ItemExportView]
    results: list[ResultExportView]
    ratings: list[RatingView]
    profile: list[ProfileExportView]
    exposures: list[ExposureExportView]
    costs: list[CostView]
    erasures: list[ErasureExportView]
    complete: bool


def record_of(value: object) -> Any:
    """The record of a kept value."""
    return _RECORDS[type(value)](value)


def _exposed(one: Exposed) -> ExposureExportView:
    return {"experiment": one.experiment, "phase": one.phase, "arm": one.arm, "at": timestamp(one.at)}


def _session(one: SessionPart) -> SessionPartView:
    turns = [turn_view(turn) for turn in one.turns]
    about = one.session
    return {"session_id": about.name, "updated_at": timestamp(about.updated_at), "part": one.part, "turns": turns}


def _item(one: HeldItem) -> ItemExportView:
    return {
        "batch_id": one.batch,
        "place": one.place,
        "item_id": one.item_id,
        "request": dict(one.request),
        "kept_until": timestamp(one.expires_at),
    }


def _result(one: HeldResult) -> ResultExportView:
    return {
        "batch_id": one.batch,
        "item_id": one.item_id,
        "state": one.state,
        "answer": dict(one.answer) if one.answer is not None else None,
        "reason": one.reason,
        "at": timestamp(one.at),
        "kept_until": timestamp(one.expires_at),
    }


def _profile(one: Profile) -> ProfileExportView:
    tastes: list[TasteView] = [
        {"tone": tone, "persona": persona, "ups": tally.ups, "weight": tally.weight}
        for (tone, persona), tally in sorted(one.tallies.items())
    ]
    choices = one.choices
    return {
        "ratings": one.ratings,
        "at": timestamp(one.at) if one.at else None,
        "personalise": choices.personalise,
        "experiments": choices.experiments,
        "learnt_from": timestamp(choices.learnt_from) if choices.learnt_from else None,
        "consent": kept_consent_view(one.consent),
        "tastes": tastes,
    }


def _cost(one: Entry) -> CostView:
    return {
        "at": timestamp(one.at),
        "persona": one.persona,
        "model": one.model,
        "outcome": one.outcome,
        "input_tokens": sum(charge.usage.input_tokens for charge in one.charges),
        "output_tokens": sum(charge.usage.output_tokens for charge in one.charges),
        "nano_usd": sum(charge.cost.nano_usd for charge in one.charges),
    }


def _erasure(one: Erasure) -> ErasureExportView:
    return {
        "asked_at": timestamp(one.asked_at),
        "finished_at": timestamp(one.finished_at) if one.finished_at else None,
        "erased": dict(one.erased),
    }


_RECORDS: Final[Mapping[type, Callable[[Any], Any]]] = {
    SessionPart: _session,
    HeldItem: _item,
    HeldResult: _result,
    Rating: rating_view,
    Profile: _profile,
    Exposed: _exposed,
    Entry: _cost,
    Erasure: _erasure,
}
