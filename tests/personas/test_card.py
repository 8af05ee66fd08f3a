"""A card that is wrong fails at load, with its file and field."""

import json
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ion_mentoring.errors import CardInvalid, UnknownPersona
from ion_mentoring.personas.card import Affinity, Card, load_card
from ion_mentoring.personas.roster import CARDS, Roster, load_roster
from ion_mentoring.resources import ROOT, paths, read_model, read_toml
from ion_mentoring.understanding.resonance.key import Intent, Pace, Tone

LUA = "ion_mentoring/personas/cards/lua.toml"


@pytest.fixture
def lua() -> dict[str, Any]:
    return tomllib.loads((ROOT / LUA).read_text(encoding="utf-8"))


def test_every_card_of_the_product_loads_under_its_own_name() -> None:
    roster = load_roster()
    assert list(roster)[:4] == ["lua", "elro", "riri", "nana"]
    assert len(roster) == len(paths(CARDS))
    assert load_card(LUA) == roster["lua"]


def test_a_persona_is_best_for_every_part_from_eight_tenths_on() -> None:
    nana = load_roster()["nana"]
    assert Affinity.best(nana.affinity.tone) == [Tone.CURIOUS, Tone.URGENT, Tone.CONFUSED, Tone.COLLABORATIVE]
    assert Affinity.best(nana.affinity.pace) == [Pace.FLOWING, Pace.CONTEMPLATIVE, Pace.MEDIUM]
    assert Intent.REFLECTION not in Affinity.best(nana.affinity.intent)


def drop(path: str) -> Callable[[dict[str, Any]], None]:
    def change(card: dict[str, Any]) -> None:
        *steps, last = path.split(".")
        for step in steps:
            card = card[step]
        del card[last]

    return change


def put(path: str, value: object) -> Callable[[dict[str, Any]], None]:
    def change(card: dict[str, Any]) -> None:
        *steps, last = path.split(".")
        for step in steps:
            card = card[step]
        card[last] = value

    return change


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (drop("name.ko"), "name.ko"),
        (drop("prompt.en"), "prompt.en"),
        (drop("affinity.tone.urgent"), "affinity.tone"),
        (put("affinity.tone", {}), "affinity.tone"),
        (drop("shape.turns.thanks"), "shape"),
        (put("affinity.pace.burst", 1.5), "affinity.pace.burst"),
        (put("affinity.intent.sleeping", 0.5), "affinity.intent.sleeping"),
        (put("id", "Lua!"), "id"),
        (put("surprise", 1), "surprise"),
        (put("strengths", []), "strengths"),
        (drop("shape.opening.anxious"), "shape"),
        (drop("shape.plans.planning"), "shape"),
        (put("shape.lines.step.ko", ["{nonsense}"]), "shape.lines.step.ko"),
        (put("shape.turns.quote.ko", ["{nonsense}"]), "shape"),
        (put("shape.plans.planning", ["nonsense"]), "shape.plans.planning"),
        (put("shape.steps.item.ko", "{nonsense}"), "shape.steps"),
    ],
)
def test_what_is_wrong_is_named(
    lua: dict[str, Any], change: Callable[[dict[str, Any]], None], field: str, tmp_path: Path
) -> None:
    change(lua)
    card = tmp_path / "lua.toml"
    card.write_text("\n".join(f"{key} = {toml(value)}" for key, value in lua.items()), encoding="utf-8")
    with pytest.raises(CardInvalid) as raised:
        read_model(Card, card)
    assert raised.value.field is not None
    assert raised.value.field.startswith(field)
    assert str(raised.value).startswith(f"lua.toml: {field}")


def toml(value: object) -> str:
    """A value as TOML, written inline."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)} = {toml(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def test_what_is_no_toml_is_named_with_its_line(tmp_path: Path) -> None:
    broken = tmp_path / "sena.toml"
    broken.write_text('id = "sena"\nlisted = \n', encoding="utf-8")
    with pytest.raises(CardInvalid, match=r"sena\.toml: .*line 2"):
        read_toml(broken)


def test_json_that_a_bundle_has_beside_a_toml_file_is_read_in_its_place(tmp_path: Path) -> None:
    (tmp_path / "card.toml").write_text('name = "루아"\n')
    (tmp_path / "card.toml.json").write_text('{"name":"리리"}')
    assert read_toml(tmp_path / "card.toml") == {"name": "리리"}
    assert read_toml(tmp_path / "card.toml") is not read_toml(tmp_path / "card.toml")


def test_a_card_under_another_name_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cards = tmp_path / "ion_mentoring/personas/cards"
    cards.mkdir(parents=True)
    (cards / "sena.toml").write_bytes((ROOT / LUA).read_bytes())
    monkeypatch.setattr("ion_mentoring.resources.ROOT", tmp_path)
    with pytest.raises(CardInvalid, match=r"sena\.toml: id"):
        load_roster()


def test_a_data_file_that_is_missing_is_named() -> None:
    with pytest.raises(CardInvalid, match="cards/zoe"):
        load_card("ion_mentoring/personas/cards/zoe.toml")


def test_a_persona_is_found_by_id_and_by_either_name() -> None:
    roster = load_roster()
    assert roster.named("루아") is roster.named("LUA") is roster["lua"]
    with pytest.raises(UnknownPersona) as raised:
        Roster((roster["lua"],)).named("elro")
    assert raised.value.details == {"allowed": ["lua"]}
