"""The naming of a fault by somebody who looked for it: the names there are, what was typed, and how far that is right."""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from infra.drills.faults import Fault

UNKNOWN: Final = "unknown"
MEANT: Final = {
    "killed": "refuses connections",
    "frozen": "takes them, and never replies",
    "slow": "replies late",
    "garbage": "replies with what is no reply",
    "cut": "half a reply",
    "empty": "a reply without contents",
    "full": "takes nothing more in",
    "refusing": "refuses our credential",
    "busy": "asks us to wait",
    "error": "replies with an error of its own",
}
TOO_LATE: Final = {"frozen", "slow"}  # who gives up after 0.1 s cannot tell them apart, and does the same for both


class Named(NamedTuple):
    """A fault as it was named: its part, and its kind where that was said, too. No part: given up."""

    part: str | None
    kind: str | None


def named(line: str, faults: Sequence[Fault]) -> Named | None:
    """The name in a line such as "cache killed", "cache-killed" or "cache"; `unknown` gives up. None for anything else."""
    words = line.lower().replace("-", " ").split()
    if words == [UNKNOWN]:
        return Named(None, None)
    kinds = {fault.how for fault in faults if words and fault.dependency == words[0]}
    if not kinds or len(words) > 2 or (len(words) == 2 and words[1] not in kinds | {UNKNOWN}):
        return None
    return Named(words[0], words[1] if len(words) == 2 and words[1] != UNKNOWN else None)


def judged(name: Named, fault: Fault) -> str:
    """A few words on how far a name is right."""
    if name.part is None:
        return "not named"
    if name.part != fault.dependency:
        return "wrong"
    if name.kind is None:
        return "the part is right, the kind is not named"
    if name.kind == fault.how:
        return "right"
    alike = {name.kind, fault.how} == TOO_LATE
    return "right: what hangs and what is slow look alike from here" if alike else "the part is right, the kind is wrong"


def names(faults: Sequence[Fault]) -> Iterator[str]:
    """A line a part with its kinds, then a line a kind with its meaning."""
    for part in dict.fromkeys(fault.dependency for fault in faults):
        yield f"  {part:<9}{', '.join(fault.how for fault in faults if fault.dependency == part)}"
    yield ""
    for kind in dict.fromkeys(fault.how for fault in faults):
        yield f"  {kind:<9}{MEANT[kind]}"
