"""The requests that make, start and stop an experiment."""

from typing import Annotated, Final, Literal

from pydantic import Field

from ion_mentoring.experiments.experiment import BUCKETS, MOST_ARMS, STRONGEST, Varies
from ion_mentoring.experiments.metrics import GUARDRAILS, Metric
from ion_mentoring.handlers.contract.requests import Language
from ion_mentoring.handlers.web.bodies import Body
from ion_mentoring.personas.variant import VariantName
from ion_mentoring.understanding.resonance.key import Tone

ID: Final = r"^[a-z0-9][a-z0-9-]{0,47}$"

Name = Annotated[str, Field(pattern=ID)]
Weight = Annotated[float, Field(strict=False, ge=0, le=1)]
Share = Annotated[float, Field(strict=False, gt=0, le=1)]


class ArmRequest(Body):
    """One arm. One that changes nothing is the usual way; `strength` is the share of a score that the weights take.

    `prompt_version`, `card` and `model` are names of what the set has beside the usual ones.
    """

    id: Name
    parts: Annotated[int, Field(ge=1, le=100)] = 1
    weights: Annotated[dict[str, Weight], Field(default_factory=dict, json_schema_extra={"maxProperties": 16})]
    strength: Annotated[float, Field(strict=False, gt=0, le=STRONGEST)] = 0.1
    prompt_mode: Literal["summary_light"] | None = None
    prompt_version: VariantName | None = None
    card: VariantName | None = None
    model: VariantName | None = None


Arms = Annotated[tuple[ArmRequest, ...], Field(strict=False, min_length=2, max_length=MOST_ARMS)]


class SlotRequest(Body):
    """The buckets of a layer that an experiment may use, of 10,000: from one on, up to another."""

    from_: Annotated[int, Field(alias="from", ge=0, lt=BUCKETS)] = 0
    to: Annotated[int, Field(gt=0, le=BUCKETS)] = BUCKETS


class ScopeRequest(Body):
    """The answers that are concerned; nothing is all of them."""

    tones: Annotated[tuple[Tone, ...], Field(strict=False)] = ()
    language: Language | None = None


class ExperimentRequest(Body):
    """An experiment as a draft: the first arm is the usual way, which the others are compared with."""

    id: Name
    varies: Varies = "weights"
    arms: Arms
    layer: Name = "main"
    slot: Annotated[SlotRequest, Field(default_factory=SlotRequest)]
    exposure: Share = 1.0
    scope: Annotated[ScopeRequest, Field(default_factory=ScopeRequest)]
    primary: Metric = "helpful"
    guardrails: Annotated[tuple[Metric, ...], Field(strict=False)] = GUARDRAILS
    min_effect: Annotated[float, Field(strict=False, gt=0, lt=1)] = 0.01


class StartRequest(Body):
    """The start: for how many people, and (in a new phase alone) with which arms."""

    exposure: Share | None = None
    arms: Arms | None = None


class StopRequest(Body):
    """The end of an experiment, with the reason for those who read it later."""

    reason: Annotated[str, Field(min_length=1, max_length=200)] | None = None
