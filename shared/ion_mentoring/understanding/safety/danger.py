"""The values of danger: its kinds, and what was seen in a text."""

from typing import Final, Literal, get_args

from msgspec import Struct

Kind = Literal["suicide", "self_injury", "home_violence", "sexual", "stalking", "eating", "harm_others", "work_violence"]
Group = Literal["self_harm", "violence", "harm_others"]
Audience = Literal[
    "self_harm", "violence", "harm_others", "other", "other_injury", "other_eating", "other_violence", "other_harm",
]  # fmt: skip
Setting = Literal["army", "lesson", "school", "care", "faith", "shared", "neighbour", "online", "work", "home"]

KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
SETTINGS: Final[tuple[Setting, ...]] = get_args(Setting)  # the narrower one first, where a text names two
GROUPS: Final[tuple[Group, ...]] = get_args(Group)
OF_HELPERS: Final[dict[Kind, Audience]] = {"eating": "other_eating", "self_injury": "other_injury"}
GROUP_OF: Final[dict[Kind, Group]] = {
    "suicide": "self_harm",
    "self_injury": "self_harm",
    "eating": "self_harm",
    "home_violence": "violence",
    "sexual": "violence",
    "stalking": "violence",
    "work_violence": "violence",
    "harm_others": "harm_others",
}


class Danger(Struct, frozen=True):
    """A danger that was seen in a text; never the words that gave it.

    `sure`: the safe answer is given; else the ordinary answer is opened by a caring question. `other`: the text tells of
    somebody else. `minor`: the person in danger is a child or a youth. `faint`: so little speaks for it that the question
    names no danger; never together with `sure`.
    """

    kind: Kind
    sure: bool
    other: bool = False
    minor: bool = False
    faint: bool = False

    @property
    def group(self) -> Group:
        """The kinds that are spoken to alike after the first answer."""
        return GROUP_OF[self.kind]

    @property
    def audience(self) -> Audience:
        """The one who is spoken to after the first answer: the person in danger, or somebody who worries in such a danger."""
        if not self.other:
            return self.group
        if self.group == "self_harm":
            return OF_HELPERS.get(self.kind, "other")
        return "other_violence" if self.group == "violence" else "other_harm"
