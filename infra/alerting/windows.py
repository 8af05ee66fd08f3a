"""The events of the last minutes, and a figure of them that costs no second look at all of them."""

import math
from collections import Counter, deque
from dataclasses import dataclass, field


@dataclass(slots=True)
class Window:
    """Parts and wholes over `seconds`; with ids, each request counts once."""

    seconds: float
    part: float = 0.0
    whole: float = 0.0
    values: list[float] = field(default_factory=list)
    _entries: deque[tuple[float, str, float, float]] = field(default_factory=deque)
    _parts: Counter[str] = field(default_factory=Counter)
    _wholes: Counter[str] = field(default_factory=Counter)

    def add(self, at: float, part: float, whole: float, id: str = "") -> None:
        """Adds an event at a time that is no earlier than those before it."""
        self._entries.append((at, id, part, whole))
        self._count(id, part, whole)

    def move(self, now: float) -> None:
        """Forgets what is older than the window."""
        while self._entries and self._entries[0][0] <= now - self.seconds:
            _, id, part, whole = self._entries.popleft()
            self._count(id, -part, -whole)

    def percentile(self, share: float) -> float:
        """The value that this share of the parts does not exceed; 0 without any."""
        ordered = sorted(part for _, _, part, whole in self._entries if whole)
        return ordered[max(0, math.ceil(share * len(ordered)) - 1)] if ordered else 0.0

    def _count(self, id: str, part: float, whole: float) -> None:
        if not id:
            self.part += part
            self.whole += whole
            return
        for counter, change in ((self._parts, part), (self._wholes, whole)):
            counter[id] += int(change)
            if counter[id] == 0:
                del counter[id]
        self.part, self.whole = len(self._parts), len(self._wholes)
