"""A key is read in every spelling that clients send, and never guessed."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ion_mentoring.understanding.resonance.key import (
    ALL_KEYS,
    INTENT_ALIASES,
    PACE_ALIASES,
    Intent,
    Pace,
    ResonanceKey,
    Tone,
    UnknownKeyPart,
)


def test_there_are_216_keys_and_each_reads_as_itself() -> None:
    assert len(set(ALL_KEYS)) == 216
    assert all(ResonanceKey.parse(str(key)) == key for key in ALL_KEYS)


@given(
    st.sampled_from(ALL_KEYS), st.sampled_from([str.upper, str.title, str.lower]), st.booleans(), st.text(" \t\n", max_size=3)
)
def test_case_space_and_dashes_do_not_matter(key: ResonanceKey, case: object, dashed: bool, space: str) -> None:
    text = str(key).replace("_", "-") if dashed else str(key)
    assert ResonanceKey.parse(space + case(text) + space) == key  # type: ignore[operator]


@pytest.mark.parametrize(("alias", "intent"), INTENT_ALIASES.items())
def test_an_alias_of_an_intent_is_read(alias: str, intent: Intent) -> None:
    assert ResonanceKey.parse(f"calm-medium-{alias.replace('_', '-')}") == ResonanceKey(Tone.CALM, Pace.MEDIUM, intent)


@pytest.mark.parametrize(("alias", "pace"), PACE_ALIASES.items())
def test_an_alias_of_a_pace_is_read(alias: str, pace: Pace) -> None:
    assert ResonanceKey.of("Calm", alias.upper(), "learn").pace == pace


@pytest.mark.parametrize(
    ("sent", "part", "allowed"),
    [
        ("purple-burst-advice", "tone", 9),
        ("calm-warp-advice", "pace", 4),
        ("calm-burst-sleep", "intent", 6),
        ("calm-burst", "intent", 6),
        ("calm", "pace", 4),
        ("", "tone", 9),
        ("calm-burst-seek-advice-now", "intent", 6),
    ],
)
def test_an_unknown_part_is_named_with_what_is_allowed(sent: str, part: str, allowed: int) -> None:
    with pytest.raises(UnknownKeyPart) as raised:
        ResonanceKey.parse(sent)
    assert raised.value.field == part
    assert len(raised.value.details["allowed"]) == allowed


@pytest.mark.parametrize(
    ("sent", "meant"),
    [
        ("frustrated-burst-seek-advice", "frustrated-burst-seek_advice"),
        (" Frustrated-fast-dancing ", "frustrated-burst-learning"),
        ("frustrated-burst-", "frustrated-burst-learning"),
        ("frustrated-burst", "calm-medium-learning"),
        ("purple-burst-planning", "calm-medium-learning"),
        ("frustrated-warp-planning", "calm-medium-learning"),
        ("", "calm-medium-learning"),
    ],
)
def test_what_the_monolith_took_for_a_key_is_one(sent: str, meant: str) -> None:
    assert str(ResonanceKey.legacy(sent)) == meant


@given(st.text(max_size=60))
def test_any_other_text_is_a_key_or_an_error_of_ours(text: str) -> None:
    with contextlib.suppress(UnknownKeyPart):
        assert ResonanceKey.parse(text) in ALL_KEYS
