"""Flags as operators see them."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Literal

from typing_extensions import TypedDict

from ion_mentoring.flags.evaluation import ErrorCode, Evaluation, Reason
from ion_mentoring.flags.flag import Flag, Kind
from ion_mentoring.handlers.web.responses import timestamp
from ion_mentoring.records.flags.protocol import FlagChoice

Scalar = bool | int | float | str


class ChoiceView(TypedDict):
    """A variant that was chosen; `tenant` is null where it is for all."""

    tenant: str | None
    variant: str
    chosen_at: str


class EvaluationView(TypedDict):
    """The value that holds now, in OpenFeature's words; an `error_code` comes with the default."""

    value: Scalar
    variant: str
    reason: Reason
    error_code: ErrorCode | None


class FlagView(TypedDict):
    """A flag: its variants by name, what was chosen, and what holds for the tenant that was asked about."""

    name: str
    type: Kind
    says: str
    owner: str
    until: str
    past: bool
    default: str
    variants: dict[str, Scalar]
    chosen: list[ChoiceView]
    evaluation: EvaluationView


class FlagListView(TypedDict):
    """All flags."""

    success: Literal[True]
    flags: list[FlagView]
    request_id: str
    timestamp: str


class TurnedFlagView(TypedDict):
    """One flag after it was turned; it is known everywhere after `everywhere_within_s` seconds."""

    success: Literal[True]
    flag: FlagView
    everywhere_within_s: float
    request_id: str
    timestamp: str


def flag_view(
    flag: Flag[Any], chosen: Sequence[FlagChoice], evaluation: Evaluation[Any], language: str, today: date
) -> FlagView:
    """A flag with what was `chosen` for any flag."""
    own = sorted((one for one in chosen if one.flag == flag.name), key=lambda one: one.tenant or "")
    return {
        "name": flag.name,
        "type": flag.kind,
        "says": flag.says.in_(language),
        "owner": flag.owner,
        "until": flag.until.isoformat(),
        "past": today > flag.until,
        "default": flag.default,
        "variants": dict(flag.variants),
        "chosen": [{"tenant": one.tenant, "variant": one.variant, "chosen_at": timestamp(one.chosen_at)} for one in own],
        "evaluation": {
            "value": evaluation.value,
            "variant": evaluation.variant,
            "reason": evaluation.reason,
            "error_code": evaluation.error_code,
        },
    }
