"""What a turn tells that needs action now, and of whom: a wound, a poison, somebody at the door, a child that was shaken.

Words and meaning together tell it (`understanding/stacked.py`); `training/urgent.py` makes the files.
"""

from typing import Final, Literal, NamedTuple, get_args

from ion_mentoring.understanding.remembered import Remembered
from ion_mentoring.understanding.stacked import stacked

WEIGHTS: Final = "ion_mentoring/understanding/safety/urgent/learned/*.bin"

Urgent = Literal["wound", "poison", "body", "neck", "means", "when", "armed", "near", "baby", "assault", "pay", "none"]
Role = Literal["self", "other", "actor"]
URGENT: Final[tuple[Urgent, ...]] = get_args(Urgent)  # the last one is none of the others
ROLES: Final[tuple[Role, ...]] = get_args(Role)


class Heard(NamedTuple):
    """The likeliest urgent thing, how likely it is, and how likely any is."""

    kind: Urgent
    probability: float
    any: float


class OfWhom(NamedTuple):
    """Whose danger it most likely is, and how likely it is another one's than the writer's."""

    role: Role
    other: float


_HEARD: Final[Remembered[Heard]] = Remembered()
_OF_WHOM: Final[Remembered[OfWhom]] = Remembered()


def heard(text: str, language: str) -> Heard:
    """What a turn in Korean (`ko`) or any other language tells."""
    return _HEARD.of(f"{language} {text}", lambda: _heard(text, language))


def of_whom(text: str, language: str) -> OfWhom:
    """Of whom it tells that, which only a danger asks."""
    return _OF_WHOM.of(f"{language} {text}", lambda: _of_whom(text, language))


def _heard(text: str, language: str) -> Heard:
    shares = _shares("kinds", text, language)
    best = max(range(len(URGENT) - 1), key=shares.__getitem__)
    return Heard(URGENT[best], shares[best], 1 - shares[-1])


def _of_whom(text: str, language: str) -> OfWhom:
    shares = _shares("roles", text, language)
    return OfWhom(ROLES[max(range(len(ROLES)), key=shares.__getitem__)], shares[ROLES.index("other")])


def _shares(name: str, text: str, language: str) -> list[float]:
    own = "ko" if language == "ko" else "en"
    return stacked(WEIGHTS.replace("*", f"{name}_{own}"), text, own)
