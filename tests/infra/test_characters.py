"""Persona cards as character cards: nothing is lost on the way, whoever made it."""

import copy
import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from infra.characters.mapping import KEPT, exported, imported
from infra.characters.program import main
from infra.characters.toml_text import toml
from infra.persona import CARDS, ROOT
from infra.user_error import UserError
from ion_mentoring.personas.card import Card

OWN = {path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted((ROOT / CARDS).glob("*.toml"))}
THEIRS: dict[str, Any] = {
    "spec": "chara_card_v2",
    "spec_version": "2.0",
    "name": "an old field at the root",
    "made_by": {"a program": [1, None, "셋"]},
    "data": {
        "name": "Sena",
        "description": "{{char}} listens to {{user}}.",
        "personality": "calm,kind , dry",
        "scenario": "A library at night.",
        "first_mes": "Hello, {{user}}.",
        "mes_example": "<START>",
        "creator_notes": "",
        "system_prompt": "{{original}} Be {{char}}.",
        "post_history_instructions": "",
        "alternate_greetings": [],
        "tags": ["quiet"],
        "creator": "somebody",
        "character_version": "1.0-beta",
        "character_book": {
            "entries": [{"keys": ["book"], "content": "x", "extensions": {}, "enabled": True, "insertion_order": 1}]
        },
        "extensions": {"another/program": {"depth": 4, "nothing": None}},
        "nickname": "S",
    },
}


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("persona", OWN)
def test_a_persona_comes_back_as_it_went(persona: str, language: str) -> None:
    document = json.loads(json.dumps(exported(OWN[persona], language)))
    assert set(document["data"]) >= {"name", "description", "personality", "scenario", "first_mes", "mes_example", "extensions"}
    assert imported(document, {}) == OWN[persona]


def test_what_others_edited_is_taken_over_and_the_versions_rise() -> None:
    document = exported(OWN["lua"], "ko")
    document["data"] |= {"name": "루나", "system_prompt": "당신은 루나입니다."}
    card = imported(document, {})
    assert (card["name"], card["prompt"]["ko"]) == ({"ko": "루나", "en": "Lua"}, "당신은 루나입니다.")
    assert card["prompt"]["en"] == OWN["lua"]["prompt"]["en"]
    assert (card["version"], card["prompt"]["version"]) == (OWN["lua"]["version"] + 1, OWN["lua"]["prompt"]["version"] + 1)


def test_what_others_added_to_our_card_stays_in_it() -> None:
    document = exported(OWN["lua"], "en")
    document["data"]["scenario"] = "A night train."
    document["data"]["extensions"]["another/program"] = {"depth": 4}
    card = imported(document, {})
    assert {name: value for name, value in card.items() if name != KEPT} == OWN["lua"]
    again = exported(card, "en")
    assert again["data"]["scenario"] == "A night train."
    assert again["data"]["extensions"]["another/program"] == {"depth": 4}
    assert imported(again, {}) == card


def test_a_card_of_others_comes_out_again_with_every_key_it_had() -> None:
    card = imported(copy.deepcopy(THEIRS), OWN["lua"])
    again = exported(card, "en")
    assert again["data"]["extensions"].pop("ion_mentoring")["card"]["name"] == {"ko": "Sena", "en": "Sena"}
    assert again == THEIRS


def test_a_card_of_others_makes_a_persona_with_its_texts() -> None:
    card = imported(copy.deepcopy(THEIRS), OWN["lua"])
    assert card["description"]["en"] == "Sena listens to the person."
    assert card["prompt"]["ko"] == "Be Sena."
    assert card["traits"]["en"] == ["calm", "kind", "dry"]
    bare = {"spec": "chara_card_v2", "data": {"name": "Ari", "description": "Knows maps."}}
    assert imported(bare, OWN["lua"])["prompt"]["en"] == "Knows maps."
    assert imported({"spec": "chara_card_v2", "data": {"name": "Ari"}}, OWN["lua"])["prompt"]["en"] == "You are Ari."


def test_what_was_edited_here_goes_into_the_card_of_others() -> None:
    card = imported(copy.deepcopy(THEIRS), OWN["lua"])
    card["description"]["en"] = "Listens."
    again = exported(card, "en")["data"]
    assert (again["description"], again["personality"]) == ("Listens.", THEIRS["data"]["personality"])


@pytest.mark.parametrize(
    ("document", "told"),
    [
        ([], "no JSON object"),
        ({"spec": "chara_card_v3", "data": {}}, "chara_card_v3"),
        ({"name": "a card of version 1"}, "version 2"),
        ({"spec": "chara_card_v2"}, "data is missing"),
        ({"spec": "chara_card_v2", "data": {"name": 3}}, "name has the wrong type"),
        ({"spec": "chara_card_v2", "data": {"name": " "}}, "no name"),
        ({"spec": "chara_card_v2", "data": {"name": "x", "extensions": []}}, "extensions has the wrong type"),
    ],
)
def test_what_is_no_character_card_of_version_2_is_refused(document: object, told: str) -> None:
    with pytest.raises(UserError, match=told):
        imported(document, OWN["lua"])


@pytest.mark.parametrize("persona", OWN)
def test_the_toml_of_a_card_reads_as_the_card(persona: str) -> None:
    assert tomllib.loads(toml(OWN[persona])) == OWN[persona]


def test_the_toml_holds_any_text() -> None:
    odd = {"text": 'quote " and \\ and \n line \x7f \x01 é 글', "a key": True, "deep": {"x.y": {"z": [1, 2.5, "'''"]}, "n": -3}}
    assert tomllib.loads(toml(odd)) == odd


def test_the_program_adds_a_persona_and_replaces_one(real: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "card.json"
    file.write_text(json.dumps(THEIRS), encoding="utf-8")
    assert main(["--root", str(real), "import", str(file), "--name", "sena"]) == 0
    made = Card.model_validate(tomllib.loads((real / CARDS / "sena.toml").read_text(encoding="utf-8")))
    assert (made.id, made.name.en, made.listed) == ("sena", "Sena", 50)
    assert (real / "functions/sena/main.py").exists()
    assert main(["--root", str(real), "import", str(file), "--name", "sena"]) == 1
    assert "there is a function 'sena' already" in capsys.readouterr().err
    assert main(["--root", str(real), "export", "sena"]) == 0
    file.write_text(capsys.readouterr().out.replace("A library at night.", "A harbour."), encoding="utf-8")
    assert main(["--root", str(real), "import", str(file), "--name", "sena", "--replace"]) == 0
    again = tomllib.loads((real / CARDS / "sena.toml").read_text(encoding="utf-8"))
    assert exported(again, "en")["data"]["scenario"] == "A harbour."


def test_the_program_says_what_it_cannot_do(real: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    picture = tmp_path / "card.png"
    picture.write_bytes(b"\x89PNG\r\n")
    for arguments in (
        ["export", "nobody"],
        ["import", str(picture), "--name", "sena"],
        ["import", "nowhere", "--name", "sena"],
    ):
        assert main(["--root", str(real), *arguments]) == 1
        assert capsys.readouterr().err.startswith("characters: ")
    assert not (real / CARDS / "sena.toml").exists()
