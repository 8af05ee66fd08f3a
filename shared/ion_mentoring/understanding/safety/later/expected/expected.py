"""The turns that are expected after a first answer to a danger, by kind and by whom it is for.

`turns/first` has what people take up right after it, `turns/onward` the narrower things of the turns that follow.
"""

from typing import Final

from ion_mentoring.understanding.expected.reader import ExpectedTurns
from ion_mentoring.understanding.safety.danger import Danger

EXPECTED: Final = ExpectedTurns(
    "ion_mentoring/understanding/safety/later/expected/turns/*/*.toml",
    "ion_mentoring/understanding/safety/later/expected/learned/*.bin",
)


def scope_of(danger: Danger) -> str:
    """The name of the turns that are expected in a danger."""
    if danger.other:
        return f"{danger.kind}_other"
    own = f"{danger.kind}_minor"
    return own if danger.minor and EXPECTED.turns(own) else f"{danger.kind}_self"
