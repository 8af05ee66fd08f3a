"""The turns that are expected in each situation, one file of its name in each folder of `turns`.

`first` has what people take up right after the first answer, `onward` the narrower things of the turns that follow.
"""

from typing import Final

from ion_mentoring.understanding.expected.reader import ExpectedTurns

EXPECTED: Final = ExpectedTurns(
    "ion_mentoring/models/playbook/expected/turns/*/*.toml", "ion_mentoring/models/playbook/expected/learned/*.bin"
)
