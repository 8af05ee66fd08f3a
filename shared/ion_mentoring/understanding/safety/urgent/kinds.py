"""The kinds of emergencies, the dangers that they show, and to which dangers they belong."""

from collections.abc import Mapping
from typing import Final, Literal, get_args

from ion_mentoring.understanding.safety.danger import KINDS, Kind

Emergency = Literal[
    "swallowed", "attacker", "edge", "cut", "neck", "heart", "hungry", "body", "planned", "means", "baby", "armed", "assault",
    "pay",
]  # fmt: skip
ORDER: Final[tuple[Emergency, ...]] = get_args(Emergency)  # of which one is said where several are told
KIND_OF: Final[dict[Emergency, Kind]] = {
    "swallowed": "suicide",
    "attacker": "home_violence",
    "edge": "suicide",
    "cut": "self_injury",
    "neck": "home_violence",
    "heart": "eating",
    "hungry": "eating",
    "body": "self_injury",
    "planned": "suicide",
    "means": "suicide",
    "baby": "harm_others",
    "armed": "harm_others",
    "assault": "sexual",
    "pay": "sexual",
}
BY_ROLE: Final[tuple[Emergency, ...]] = ("baby", "armed", "assault", "pay")  # said to the one who writes of it
OF_POLICE: Final[tuple[Emergency, ...]] = ("attacker", "armed", "pay")
_VIOLENCE: Final[tuple[Kind, ...]] = ("home_violence", "sexual", "stalking", "work_violence")
BELONGS_TO: Final[Mapping[Emergency, tuple[Kind, ...]]] = {
    "swallowed": ("suicide", "self_injury"),
    "attacker": _VIOLENCE,
    "edge": ("suicide", "self_injury", "harm_others"),
    "cut": ("self_injury", "suicide"),
    "neck": (*_VIOLENCE, "suicide", "self_injury", "harm_others"),
    "heart": KINDS,
    "hungry": KINDS,
    "body": KINDS,
    "planned": ("suicide",),
    "means": ("suicide", "self_injury"),
    "baby": KINDS,
    "armed": KINDS,
    "assault": KINDS,
    "pay": KINDS,
}
