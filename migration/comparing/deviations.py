"""The differences that are meant, as data, and the conditions under which they are."""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from ion_mentoring.understanding.resonance.key import ResonanceKey
from migration.comparing.fields import MISSING, NEAR, WHOLE, Field
from migration.comparing.requests import Recorded

FILE: Final = Path(__file__).with_name("deviations.toml")


@dataclass(frozen=True, slots=True)
class Pair:
    """One request and the bodies of both answers."""

    request: Recorded
    old: Any
    new: Any


Condition = Callable[[Field, Pair], bool]


def _always(_field: Field, _pair: Pair) -> bool:
    return True


def _added(field: Field, _pair: Pair) -> bool:
    return field.old is MISSING and field.path != WHOLE


def _old_content_is_prompt(field: Field, pair: Pair) -> bool:
    """The old system answered with the prompt, in which the text of the user stands."""
    text = pair.request.text.strip()
    return isinstance(field.old, str) and bool(text) and text in field.old and len(field.old) > len(text)


def _same_key(field: Field, _pair: Pair) -> bool:
    sides = (field.old, field.new)
    return all(isinstance(side, str) for side in sides) and len({str(ResonanceKey.legacy(side)) for side in sides}) == 1


def _intent_with_dashes(_field: Field, pair: Pair) -> bool:
    """The old parser split on every dash, and read an intent such as seek-advice as learning."""
    intent = pair.request.key.split("-", 2)[2:]
    return bool(intent) and "-" in intent[0].strip("-")


def _scores_tie(_field: Field, pair: Pair) -> bool:
    """Two of the three best scores are equal, so that the order among them is."""
    scores = _at(pair.old, "metadata", "routing_result", "all_scores")
    numbers = [score for score in scores.values() if isinstance(score, int | float)] if isinstance(scores, dict) else []
    best = sorted(numbers, reverse=True)[:3]
    return any(abs(one - other) < NEAR for one, other in pairwise(best))


def _danger_seen(_field: Field, pair: Pair) -> bool:
    about = _at(pair.new, "metadata")
    return isinstance(about, dict) and bool(about.get("safety") or about.get("care"))


def _at(body: Any, *path: str) -> Any:
    for name in path:
        body = body.get(name) if isinstance(body, dict) else None
    return body


CONDITIONS: Final[Mapping[str, Condition]] = {
    "always": _always,
    "added": _added,
    "old_content_is_prompt": _old_content_is_prompt,
    "same_key": _same_key,
    "intent_with_dashes": _intent_with_dashes,
    "scores_tie": _scores_tie,
    "danger_seen": _danger_seen,
}


@dataclass(frozen=True, slots=True)
class Deviation:
    """One difference that is meant: in which fields, and when."""

    name: str
    fields: tuple[str, ...]
    when: Condition

    def allows(self, field: Field, pair: Pair) -> bool:
        """True if this is why the field differs."""
        return any(fnmatchcase(field.path, pattern) for pattern in self.fields) and self.when(field, pair)


def read_deviations(file: Path = FILE) -> tuple[Deviation, ...]:
    """The deviations of a table; KeyError for a condition that there is not."""
    listed = tomllib.loads(file.read_text(encoding="utf-8"))["deviation"]
    return tuple(Deviation(one["name"], tuple(one["fields"]), CONDITIONS[one["when"]]) for one in listed)
