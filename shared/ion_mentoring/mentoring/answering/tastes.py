"""The tastes of people, as far as answering needs them."""

from typing import Protocol

from msgspec import Struct

from ion_mentoring.mentoring.answering.values import Learner
from ion_mentoring.personas.taste import Taste


class Personal(Struct, frozen=True):
    """The knowledge of a person: a taste, whether anything may be tried, and whether they take part in experiments; a person
    who wants none of that has no taste."""

    taste: Taste | None = None
    explores: bool = False
    experiments: bool = False

    @property
    def variant(self) -> bytes | None:
        """A mark of all that is the same for others, too: nothing, or everybody's taste; None for a taste of one's own."""
        if self.taste is None:
            return b""
        counted = self.taste.population.counted_at
        return None if self.taste.own or counted is None else counted.isoformat().encode()


IMPERSONAL = Personal()


class Tastes(Protocol):
    """The knowledge of people."""

    def peek(self, mark: str) -> Personal | None:
        """The knowledge of a person without asking the store; None where that is not known now."""

    async def of(self, learner: Learner) -> Personal:
        """The knowledge of a person; where the store does not answer, nothing."""
