"""Experiments, as far as answering needs them."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

from msgspec import Struct

from ion_mentoring.experiments.assignment import Assigned, Assignment
from ion_mentoring.mentoring.answering.values import Answer, Learner, Tell
from ion_mentoring.personas.variant import Variant
from ion_mentoring.records.feedback.protocol import Exposure

Place = tuple[str, int, str, str]  # experiment, phase, arm and tone: where an answer is counted
Work = Callable[[Tell | None], Awaitable[Answer]]


class Meeting(Struct, frozen=True):
    """Somebody meets arms in an answer at a tone: the mark of the unit, and the person, where it is one.

    Arms with a `variant` are met only in what it wrote.
    """

    unit: str
    learner: Learner | None
    arms: tuple[Assignment, ...]
    tone: str
    variant: Variant | None = None

    @property
    def plain(self) -> tuple[Assignment, ...]:
        """The arms that are met whoever writes the text."""
        return self.arms if self.variant is None else tuple(one for one in self.arms if not one.arm.variant)

    @property
    def varied(self) -> tuple[Assignment, ...]:
        """The arms that are met in a text of the variant alone."""
        return () if self.variant is None else tuple(one for one in self.arms if one.arm.variant)


class Experimenting(Protocol):
    """Experiments as answers see them: what runs, and what comes of it. Nothing waits for a store but the first answer."""

    async def ready(self) -> None:
        """Waits until it was read once what runs, or that failed: then nobody changes arms within a conversation."""

    def assigned(self, unit: str) -> Assigned:
        """The arms that a unit meets now."""

    async def watched(self, meeting: Meeting, answer: Work, tell: Tell | None) -> Answer:
        """The answer that arms have a part in; they are met with its first text, and its error, time and cost are theirs.

        A variant that failed is an error of its arms, which are not met in what was written in its place.
        """

    def met(self, unit: str, places: tuple[Place, ...]) -> bool:
        """True if it is written down that a unit met the arms of these places, as far as this instance knows."""

    def known(self, places: tuple[Place, ...], layer: str, started: float) -> None:
        """Takes note of an answer that was known, to one who has met its arms; `started` is when it was asked for."""


def places_of(arms: Sequence[Assignment], tone: str) -> tuple[Place, ...]:
    """The places at which an answer of arms is counted."""
    return tuple((one.experiment, one.phase, one.arm.id, tone) for one in arms)


def variant_of(arms: Sequence[Assignment]) -> Variant | None:
    """The variant that arms ask for together; None where all of them answer with what is usual."""
    names: dict[str, str] = {}
    for one in arms:
        names |= one.arm.variant
    return Variant(**names) if names else None


def exposures(arms: Sequence[Assignment]) -> tuple[Exposure, ...]:
    """The arms as receipts and records name them."""
    return tuple(Exposure(one.experiment, one.phase, one.arm.id) for one in arms)
