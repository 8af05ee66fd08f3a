"""A fault is named by its part and its kind, in a few spellings, and each half is judged by itself."""

import pytest

from infra.drills.faults import FAULTS, Fault
from infra.drills.naming import Named, judged, named, names

KILLED = next(fault for fault in FAULTS if fault.name == "cache-killed")


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("cache killed", Named("cache", "killed")),
        ("Cache-Killed ", Named("cache", "killed")),
        ("cache", Named("cache", None)),
        ("cache unknown", Named("cache", None)),
        ("unknown", Named(None, None)),
        ("", None),
        ("killed", None),
        ("cache busy", None),
        ("the cache killed", None),
        ("cache killed twice", None),
    ],
)
def test_a_line_is_a_name_or_is_none(line: str, name: Named | None) -> None:
    assert named(line, FAULTS) == name


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("cache killed", "right"),
        ("cache frozen", "the part is right, the kind is wrong"),
        ("cache", "the part is right, the kind is not named"),
        ("store killed", "wrong"),
        ("unknown", "not named"),
    ],
)
def test_part_and_kind_are_judged_apart(line: str, words: str) -> None:
    name = named(line, FAULTS)
    assert name is not None
    assert judged(name, KILLED) == words


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_every_fault_can_be_named_as_it_is_listed(fault: Fault) -> None:
    listed = "\n".join(names(FAULTS))
    assert f"  {fault.dependency} " in listed
    assert f"  {fault.how} " in listed
    assert named(fault.name, FAULTS) == Named(fault.dependency, fault.how)


@pytest.mark.parametrize(("seeded", "line"), [("cache-slow", "cache frozen"), ("cache-frozen", "cache slow")])
def test_what_hangs_may_be_called_slow_and_the_other_way_round(seeded: str, line: str) -> None:
    fault = next(one for one in FAULTS if one.name == seeded)
    name = named(line, FAULTS)
    assert name is not None
    assert judged(name, fault).startswith("right: ")
