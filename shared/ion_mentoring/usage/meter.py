"""The meter of calls to models in tokens, counted call by call so that nothing that a vendor bills is forgotten."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from msgspec import Struct, field

from ion_mentoring.usage.tokens import estimated_tokens


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens that a model read and wrote, as its vendor counts them; `estimated` where the vendor could not say."""

    input_tokens: int = 0
    output_tokens: int = 0
    estimated: bool = False

    def __add__(self, other: "Usage") -> "Usage":
        return Usage(
            self.input_tokens + other.input_tokens,
            self.output_tokens + other.output_tokens,
            self.estimated or other.estimated,
        )


@dataclass(frozen=True, slots=True)
class ModelCall:
    """One call that its vendor bills: the model by the name that prices know, and its tokens."""

    model: str
    usage: Usage


class VendorCall(Struct):
    """One call under way: its adapter notes what it hears, so that a call that is cut anywhere is counted, too.

    `usage` is the vendor's own count so far, None until it says one; `heard` are the pieces of text so far; `billed` is
    False where the vendor certainly bills nothing (it was never reached, or refused the request).
    """

    usage: Usage | None = None
    heard: list[str] = field(default_factory=list)
    billed: bool = True


class UsageMeter(Struct):
    """The meter of one answer so far, over every model that was asked for it; it belongs to that answer alone."""

    calls: list[ModelCall] = field(default_factory=list)

    @property
    def usage(self) -> Usage:
        """The sum of all calls."""
        return sum((call.usage for call in self.calls), Usage())

    def add(self, calls: Sequence[ModelCall]) -> None:
        """Adds calls that somebody else counted."""
        self.calls.extend(calls)

    @contextmanager
    def calling(self, model: str, texts: Sequence[str]) -> Iterator[VendorCall]:
        """Counts one call, however it ends: by the vendor's count, else estimated from `texts`, which is all that was sent."""
        call = VendorCall()
        try:
            yield call
        finally:
            if call.usage is not None:
                self.calls.append(ModelCall(model, call.usage))
            elif call.billed:
                self.calls.append(ModelCall(model, _estimate(texts, call.heard)))


def _estimate(sent: Sequence[str], heard: Sequence[str]) -> Usage:
    return Usage(sum(map(estimated_tokens, sent)), estimated_tokens("".join(heard)), estimated=True)
