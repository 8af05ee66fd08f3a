"""The rules of infra/terraform/alerts.json, which Terraform, Sentry's rules and the evaluator here are made from."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal

TABLE: Final = Path(__file__).resolve().parents[1] / "terraform/alerts.json"

Kind = Literal["share", "percentile", "ratio", "count", "silence"]
Event = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Matcher:
    """The events that a rule looks at: `where` has a value, several, two numbers as a range, or `any` for what is not empty."""

    event: str
    where: Mapping[str, Any] = field(default_factory=dict)
    value: str | None = None
    rest: str | None = None

    def matches(self, event: Event) -> bool:
        """True for an event of this name whose fields are so."""
        return event.get("message") == self.event and are(event, self.where)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: it holds while its figure over `window_s` is beyond its threshold, and there were `least` events or more.

    Kinds: the `share` of `of` in `among` (counted by request or by event), the 95th `percentile` of a value, the `ratio` of two
    sums, the `count` of events, and `silence`: no event of `of`, `each` for itself, while `among` goes on. A share looks at
    nothing but what is as `within` says.
    """

    name: str
    kind: Kind
    of: Matcher
    among: tuple[str, ...]
    within: Mapping[str, Any]
    window_s: float
    least: int
    above: float | None
    below: float | None
    each: str | None
    unit: str
    tell: str
    severity: str
    runbook: str
    titles: Mapping[str, str]

    @property
    def runbook_path(self) -> str:
        """The page that says what to do."""
        return f"docs/runbooks/{self.runbook}.md"


def table() -> Mapping[str, Any]:
    """The table as it is written."""
    read: Mapping[str, Any] = json.loads(TABLE.read_text(encoding="utf-8"))
    return read


def rules() -> tuple[Rule, ...]:
    """The rules, in the table's order."""
    read = table()
    return tuple(_rules(read["rules"], read["promises"]))


def _rules(written: Mapping[str, Mapping[str, Any]], promises: Mapping[str, Any]) -> Iterator[Rule]:
    for name, rule in written.items():
        yield Rule(
            name=name,
            kind=rule["kind"],
            of=Matcher(**rule["of"]),
            among=tuple(rule.get("among", ())),
            within=rule.get("within", {}),
            window_s=rule["window_s"],
            least=rule["least"],
            above=threshold(rule.get("above"), promises),
            below=threshold(rule.get("below"), promises),
            each=rule.get("each"),
            unit=rule.get("unit", "event"),
            tell=rule["tell"],
            severity=rule["severity"],
            runbook=rule["runbook"],
            titles={language: rule[language] for language in ("en", "ko")},
        )


def threshold(written: float | str | None, promises: Mapping[str, Any]) -> float | None:
    """A threshold as a number: a name stands for what is promised."""
    if isinstance(written, str):
        return float(promises[written] if written in promises else promises["p95_ms"][written])
    return written


def are(event: Event, wanted: Mapping[str, Any]) -> bool:
    """True for an event whose fields are as a rule wants them."""
    return all(_is(event.get(name), one) for name, one in wanted.items())


def _is(value: Any, wanted: Any) -> bool:
    if wanted == "any":
        return bool(value)
    if isinstance(wanted, list):
        a_range = len(wanted) == 2 and all(isinstance(one, int) for one in wanted)
        return value is not None and (wanted[0] <= value <= wanted[1] if a_range else value in wanted)
    return bool(value == wanted)
