"""The count of tenants that have asked the same: an answer is its tenant's own until some have, and for all from then on.

Counted by keyed marks alone. What is for all is remembered in the instance, so that it is not asked about again.
"""

from collections import OrderedDict
from collections.abc import Callable
from typing import Final, NamedTuple, Protocol

TENANTS: Final = 3  # that have asked the same, before it tells nothing of any of them
REMEMBERED: Final = 50_000  # questions in an instance
COUNTS_S: Final = 86_400.0  # from the last tenant that came


class Standing(NamedTuple):
    """The standing of a question: `common` if it is for all by now, `again` if this tenant has asked it before."""

    common: bool
    again: bool


class Sharing(Protocol):
    """Counts tenants by question; both are keyed marks."""

    def knows(self, question: str, tenant: str) -> bool:
        """True if this instance knows already that a question is for all, and that this tenant has asked it."""

    async def asked(self, question: str, tenant: str) -> Standing:
        """Counts a tenant."""


class LocalSharing:
    """Counts in this instance; `now` is in seconds."""

    def __init__(self, now: Callable[[], float], *, tenants: int = TENANTS, most: int = REMEMBERED) -> None:
        self._now = now
        self._tenants = tenants
        self._most = most
        self._asked: OrderedDict[str, tuple[float, set[str]]] = OrderedDict()

    def knows(self, question: str, tenant: str) -> bool:
        """True if enough tenants are known here, this one among them."""
        found = self._asked.get(question) if self._asked else None
        return found is not None and len(found[1]) >= self._tenants and tenant in found[1] and found[0] > self._now()

    async def asked(self, question: str, tenant: str) -> Standing:
        """Counts a tenant."""
        return self.note(question, {tenant})

    def note(self, question: str, tenants: set[str]) -> Standing:
        """Counts tenants, and says how it stands for them."""
        now = self._now()
        ends_at, known = self._asked.pop(question, (0.0, set()))
        known = known if ends_at > now else set()
        again = tenants <= known
        self._asked[question] = now + COUNTS_S, known | tenants
        if len(self._asked) > self._most:
            self._asked.popitem(last=False)
        return Standing(len(known | tenants) >= self._tenants, again)
