"""An experiment: what varies between its arms, whom it concerns, and the phase that it is in."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final, Literal

from ion_mentoring.errors import ValidationFailed
from ion_mentoring.experiments.metrics import GUARDRAILS, Metric

BUCKETS: Final = 10_000
MOST_ARMS: Final = 6
STRONGEST: Final = 0.3  # of a score, for an arm's weights: the rest is left to how and what somebody asks

Varies = Literal["weights", "prompt_mode", "prompt_version", "card", "model"]
VARIANTS: Final[tuple[Varies, ...]] = ("model", "card", "prompt_version")  # that a set has under names, beside the usual one
State = Literal["draft", "running", "stopped", "rolled_back"]


@dataclass(frozen=True, slots=True)
class Arm:
    """One way of answering. `parts` are its share of the people beside those of the other arms.

    `weights` (by persona, in [0, 1]) take the share `strength` of each routing score; an arm without any is the usual way.
    `prompt_version`, `card` and `model` are names of what the set has beside the usual ones. `stopped` has the reason for which
    nobody meets it any more.
    """

    id: str
    parts: int = 1
    weights: Mapping[str, float] = field(default_factory=dict)
    strength: float = 0.0
    prompt_mode: str | None = None
    stopped: str | None = None
    prompt_version: str | None = None
    card: str | None = None
    model: str | None = None

    @property
    def usual(self) -> bool:
        """True where nothing is changed."""
        return not self.changes

    @property
    def changes(self) -> frozenset[Varies]:
        """The respects in which it differs from the usual way."""
        names: tuple[Varies, ...] = ("weights", "prompt_mode", *VARIANTS)
        return frozenset(name for name in names if getattr(self, name))

    @property
    def variant(self) -> dict[str, str]:
        """The names of what is another than usually; empty where that is the same for all arms."""
        return {part: name for part in VARIANTS if (name := getattr(self, part)) is not None}


@dataclass(frozen=True, slots=True)
class Scope:
    """The answers that an experiment concerns: of some tones, of a language; empty is all."""

    tones: frozenset[str] = frozenset()
    language: str | None = None

    def holds(self, tone: str, language: str) -> bool:
        """True for an answer that is concerned."""
        return (not self.tones or tone in self.tones) and self.language in (None, language)


@dataclass(frozen=True, slots=True)
class Experiment:
    """An experiment as it is kept. The first arm is the one that the others are compared with.

    `slot` is the range of the layer's buckets that it may use: experiments of one layer whose slots do not overlap share no
    person. `exposure` is the share of the slot's people who meet it, which may only grow; `phase` counts the times that arms
    or their parts were changed, each with a salt of its own. `revision` rises with every change.
    """

    id: str
    varies: Varies
    arms: tuple[Arm, ...]
    made_at: datetime
    layer: str = "main"
    slot: tuple[int, int] = (0, BUCKETS)
    exposure: float = 1.0
    scope: Scope = Scope()
    primary: Metric = "helpful"
    guardrails: tuple[Metric, ...] = GUARDRAILS
    min_effect: float = 0.01
    state: State = "draft"
    phase: int = 1
    revision: int = 1
    started_at: datetime | None = None
    ended_at: datetime | None = None
    reason: str | None = None

    @property
    def usual(self) -> Arm:
        """The arm that the others are compared with."""
        return self.arms[0]

    @property
    def card(self) -> str | None:
        """The card of an arm, where cards vary: the answers of its persona alone are compared."""
        return next((arm.card for arm in self.arms if arm.card), None)

    @property
    def split(self) -> dict[str, float]:
        """The share of each arm among the people who meet the experiment."""
        whole = sum(arm.parts for arm in self.arms)
        return {arm.id: arm.parts / whole for arm in self.arms}

    def checked(self) -> "Experiment":
        """The experiment itself; ValidationFailed where it could not be run or judged."""
        names = [arm.id for arm in self.arms]
        if not 2 <= len(names) <= MOST_ARMS or len(set(names)) < len(names):
            raise refused("arms", f"two to {MOST_ARMS} arms with different ids")
        if not self.usual.usual:
            raise refused("arms.0", "the first arm changes nothing: the others are compared with it")
        first, last = self.slot
        if not 0 <= first < last <= BUCKETS:
            raise refused("slot", f"0 <= from < to <= {BUCKETS}")
        for place, arm in enumerate(self.arms[1:], 1):
            if arm.changes != {self.varies}:
                raise refused(f"arms.{place}", f"an arm changes what the experiment varies, and nothing else: {self.varies}")
        return self

    def grown(self, exposure: float) -> "Experiment":
        """The same for more people; ValidationFailed for fewer, who would lose what they have met."""
        if exposure < self.exposure:
            raise refused(
                "exposure", f"it may only grow, from {self.exposure:g} on: for fewer people, stop it and begin a phase"
            )
        return replace(self, exposure=exposure)

    def without(self, arm: str, reason: str) -> "Experiment":
        """The same without an arm: whoever met it is answered in the usual way, and stays out of the other arms."""
        return replace(self, arms=tuple(replace(one, stopped=reason) if one.id == arm else one for one in self.arms))


def refused(field_: str, rule: str) -> ValidationFailed:
    """The error for an experiment that cannot be."""
    return ValidationFailed(rule, field=field_, details={"rule": rule})
