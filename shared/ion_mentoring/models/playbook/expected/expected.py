"""The turns that are expected in each situation: one file of `turns` each."""

from typing import Final

from ion_mentoring.understanding.expected.reader import ExpectedTurns

EXPECTED: Final = ExpectedTurns(
    "ion_mentoring/models/playbook/expected/turns/*.toml", "ion_mentoring/models/playbook/expected/learned/*.bin"
)
