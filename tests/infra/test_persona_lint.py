"""The lint of persona cards: what is missing, what contradicts itself, who is too like another."""

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from infra.characters.lint import found, main, others
from infra.persona import ROOT, planned
from ion_mentoring.personas import variant_cards
from ion_mentoring.personas.card import Card
from ion_mentoring.personas.roster import Roster, load_roster
from ion_mentoring.personas.variant_cards import VariantCards

LUA = load_roster()["lua"].model_dump(mode="json")


def card(change: Callable[[dict[str, Any]], object] = lambda _: None, persona: str = "lua") -> Card:
    values: dict[str, Any] = load_roster()[persona].model_dump(mode="json")
    change(values)
    return Card.model_validate(values)


def told(changed: Card) -> list[str]:
    """What is said of the roster with one card changed or added."""
    others = [one for one in load_roster().values() if one.id != changed.id]
    return found(Roster((*others, changed)))


def test_our_own_cards_are_clean(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    assert capsys.readouterr().out == "4 personas, 1 other cards, nothing missing, no contradiction, no two alike\n"


def test_a_starter_that_nobody_edited_is_told_all_that_it_lacks() -> None:
    starter = Card.model_validate(tomllib.loads(next(iter(planned(ROOT, "sena").values()))))
    said = "\n".join(told(starter))
    for wrong in ("topics: none", "affinity: no tone", "sena: affinity: answers 0 of 216 keys"):
        assert wrong in said


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        (lambda one: one["description"].update(en="EDIT me"), "lua: still says EDIT"),
        (lambda one: one["prompt"].update(ko=one["prompt"]["en"]), "lua: prompt: is the same in both languages"),
        (lambda one: one["prompt"].update(ko="You are Lua, say this."), "lua: prompt.ko: has no Korean in it"),
        (lambda one: one["role"].update(ko=one["role"]["en"]), "lua: role: is the same in both languages"),
        (
            lambda one: one.update(preferred_tones=["analytical"]),
            "preferred_tones: analytical is preferred, and its affinity is 0.3",
        ),
        (lambda one: one.update(topics=["astrology"]), "lua: topics: there is no situation file 'astrology'"),
        (lambda one: one["prompt"].update(en="Answer kindly."), "lua: prompt.en: does not name Lua"),
        (lambda one: one["generation"].update(light_output_tokens=2000), "a short answer may be longer than a long one"),
        (lambda one: one["hints"]["en"].append("data"), "hints.en: both say data"),
        (lambda one: one.update(emoji="📐"), "emoji: is the same"),
    ],
)
def test_each_fault_is_named(change: Callable[[dict[str, Any]], object], wrong: str) -> None:
    assert any(wrong in line for line in told(card(change))), told(card(change))


def test_a_twin_is_found_by_its_prompt_its_affinities_and_its_lines() -> None:
    twin = card(lambda one: one.update(id="luna", listed=90, name={"ko": "루나", "en": "Luna"}, emoji="🌕"))
    said = [line for line in told(twin) if line.startswith("lua and luna")]
    assert {line.split(": ")[1].split(".")[0] for line in said} >= {"prompt", "hints", "affinity", "shape"}


def test_only_the_named_ones_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["elro"]) == 0
    assert capsys.readouterr().out.startswith("4 personas")


CHANGES = """based_on = {based_on}
version = 99
[prompt]
{prompt}
"""


@pytest.mark.parametrize(
    ("based_on", "prompt", "wrong"),
    [
        (LUA["version"], "", "lua-x: says what lua's usual card says"),
        (LUA["version"], 'ko = "루아, TODO"', "lua-x: still says TODO"),
        (LUA["version"], 'en = "You are somebody."', "lua-x: prompt.en: does not name Lua"),
        (LUA["version"], 'english = "You are Lua."', "lua-x: lua-x.toml: prompt.english: Extra inputs are not permitted"),
        (LUA["version"] - 1, 'en = "You are Lua."', "lua-x: lua-x.toml: based_on: is"),
    ],
)
def test_another_card_is_looked_at_as_a_usual_one_is(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, based_on: int, prompt: str, wrong: str
) -> None:
    (tmp_path / "lua-x.toml").write_text(CHANGES.format(based_on=based_on, prompt=prompt), encoding="utf-8")
    monkeypatch.setattr(variant_cards, "ROOT", tmp_path)
    said = list(others(VariantCards(load_roster(), "*.toml"), load_roster()))
    assert any(line.startswith(wrong) for line in said), said
