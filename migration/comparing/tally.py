"""The tally of a comparison: counts by field, and a few lines of the file to look at; nothing that anybody wrote."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from migration.comparing.deviations import Deviation, Pair
from migration.comparing.fields import Field

MOST_LINES: Final = 10  # that are named for a field
MOST_FIELDS: Final = 300
OTHER: Final = "(other fields)"


@dataclass(slots=True)
class Counts:
    """The counts of one field, the deviations that allowed it to differ, and lines at which it must not."""

    equal: int = 0
    allowed: int = 0
    different: int = 0
    deviations: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))
    lines: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Tally:
    """The counts so far. `failed` are requests that a side did not answer at all, by side."""

    deviations: tuple[Deviation, ...]
    compared: int = 0
    differing: int = 0
    one_sided: int = 0
    failed: dict[str, int] = field(default_factory=lambda: {"old": 0, "new": 0})
    fields: dict[str, Counts] = field(default_factory=dict)

    def add(self, pair: Pair, found: Iterable[Field]) -> None:
        """One request that both sides answered."""
        differs = False
        for one in found:
            counts = self._counts(one.path)
            if one.equal:
                counts.equal += 1
            elif deviation := next((known for known in self.deviations if known.allows(one, pair)), None):
                counts.allowed += 1
                counts.deviations[deviation.name] += 1
            else:
                counts.different += 1
                differs = True
                if len(counts.lines) < MOST_LINES:
                    counts.lines.append(pair.request.line)
        self.compared += 1
        self.differing += differs

    def lose(self, *sides: str) -> None:
        """One request that these sides did not answer."""
        self.one_sided += len(sides) == 1
        for side in sides:
            self.failed[side] += 1

    def share(self) -> float:
        """The share of requests that differ where they must not, or that one side alone answered."""
        return (self.differing + self.one_sided) / max(1, self.compared + self.one_sided)

    def as_json(self) -> dict[str, Any]:
        """The tally as JSON."""
        return {
            "compared": self.compared,
            "differing": self.differing,
            "failed": self.failed,
            "share": self.share(),
            "fields": {
                name: {
                    "equal": counts.equal,
                    "allowed": counts.allowed,
                    "different": counts.different,
                    "deviations": dict(counts.deviations),
                    "lines": sorted(counts.lines),
                }
                for name, counts in sorted(self.fields.items())
            },
        }

    def table(self) -> str:
        """The tally for people, the fields that differ first."""
        in_order = sorted(self.fields.items(), key=lambda one: (-one[1].different, -one[1].allowed, one[0]))
        rows = [("field", "equal", "allowed", "different", "by / at lines")]
        for name, counts in in_order:
            by = [f"{one} {number}" for one, number in counts.deviations.items()]
            at = [f"lines {', '.join(map(str, sorted(counts.lines)))}"] if counts.lines else []
            rows.append((name, str(counts.equal), str(counts.allowed), str(counts.different), "; ".join((*by, *at))))
        wide = [max(len(row[column]) for row in rows) for column in range(4)]
        lines = (f"{n:<{wide[0]}}  {e:>{wide[1]}}  {a:>{wide[2]}}  {d:>{wide[3]}}  {by}".rstrip() for n, e, a, d, by in rows)
        return "\n".join(lines)

    def _counts(self, path: str) -> Counts:
        name = path if path in self.fields or len(self.fields) < MOST_FIELDS else OTHER
        return self.fields.setdefault(name, Counts())
