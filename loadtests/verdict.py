"""The verdict on an answer."""

from collections.abc import Iterable
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Verdict:
    """A verdict on one answer: `wrong` is None where it is as it should be, or was `refused` for coming too often."""

    wrong: str | None = None
    refused: bool = False
    degraded: tuple[str, ...] = ()
    hits: tuple[bool, ...] = ()
    personas: tuple[str, ...] = ()

    @property
    def good(self) -> bool:
        """True for a success."""
        return self.wrong is None and not self.refused


def wrong(reason: str) -> Verdict:
    """The verdict on an answer that is not as it should be."""
    return Verdict(reason)


def together(verdicts: Iterable[Verdict]) -> Verdict:
    """One verdict on many: the first fault, and what all of them show."""
    whole = Verdict()
    for one in verdicts:
        whole = replace(
            whole,
            wrong=whole.wrong or one.wrong,
            degraded=whole.degraded + one.degraded,
            hits=whole.hits + one.hits,
            personas=whole.personas + one.personas,
        )
    return whole
