"""Adding a persona: three files or none."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from infra.functions import MAP, read_map, written
from infra.persona import CARDS, main, planned
from ion_mentoring.personas.card import Card

CARD = CARDS / "sena.toml"
FUNCTION = Path("functions/sena/main.py")


def everything(root: Path) -> dict[str, bytes]:
    """All files of a repository with their bytes, and its empty folders."""
    return {str(path.relative_to(root)): path.read_bytes() if path.is_file() else b"" for path in root.rglob("*")}


def test_the_program_writes_a_function_a_card_and_an_entry_and_nothing_else(real: Path) -> None:
    before = everything(real)
    done = subprocess.run([sys.executable, real / "infra/persona.py", "sena"], cwd="/", capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    after = everything(real)
    grown = {str(CARD), str(FUNCTION), str(FUNCTION.parent)}
    changed = {name for name in after if "__pycache__" not in name and after[name] != before.get(name)}
    assert changed | {str(FUNCTION.parent)} == grown | {str(MAP)}
    assert [line for line in done.stdout.splitlines() if line.startswith("wrote")] == [
        f"wrote {CARD}",
        f"wrote {FUNCTION}",
        f"wrote {MAP}",
    ]


def test_the_function_differs_from_another_ones_in_one_word(real: Path) -> None:
    """Lua's, which it is made of, names Lua's other cards as well; a new persona has none."""
    assert main(["sena", "--root", str(real)]) == 0
    other = (real / "functions/elro/main.py").read_text()
    assert (real / FUNCTION).read_text() == other.replace("elro", "sena")
    assert other.count("elro") == 1
    assert "variants=" in (real / "functions/lua/main.py").read_text()


def test_the_card_is_complete_and_valid_and_listed_last(real: Path) -> None:
    listed = [tomllib.loads(path.read_text())["listed"] for path in (real / CARDS).glob("*.toml")]
    assert main(["sena", "--root", str(real)]) == 0
    card = Card.model_validate(tomllib.loads((real / CARD).read_text(encoding="utf-8")))
    assert (card.id, card.name.en, card.name.ko) == ("sena", "Sena", "Sena")
    assert card.listed > max(listed)


def test_the_card_marks_what_is_to_be_edited_and_names_nobody_else(real: Path) -> None:
    before = (real / CARDS).glob("*.toml")
    others = {name for path in before for name in tomllib.loads(path.read_text(encoding="utf-8"))["name"].values()}
    assert main(["sena", "--root", str(real)]) == 0
    text = (real / CARD).read_text(encoding="utf-8")
    assert text.count("# EDIT: ") == 9
    assert "$" not in text
    assert not [name for name in others if re.search(name, text, re.IGNORECASE)]


def test_a_name_of_two_words_is_spelled_for_people(real: Path) -> None:
    assert main(["kim_sena", "--root", str(real)]) == 0
    assert Card.model_validate(tomllib.loads((real / CARDS / "kim_sena.toml").read_text())).name.en == "Kim Sena"


def test_the_entry_follows_the_last_persona_with_a_personas_limits(real: Path) -> None:
    before = read_map(real)
    assert main(["sena", "--root", str(real)]) == 0
    after = read_map(real)
    assert [name for name in after if name != "sena"] == list(before)
    assert list(after).index("sena") == list(after).index("nana") + 1
    assert after["sena"] == before["lua"]
    assert len(set((real / MAP).read_text().splitlines()) - set(written(before).splitlines())) == 1


def test_a_second_persona_comes_after_the_first(real: Path) -> None:
    assert main(["sena", "--root", str(real)]) == 0
    assert main(["dana", "--root", str(real)]) == 0
    cards = [tomllib.loads((real / CARDS / f"{name}.toml").read_text(encoding="utf-8")) for name in ("sena", "dana")]
    assert cards[0]["listed"] < cards[1]["listed"]
    assert list(read_map(real)).index("dana") == list(read_map(real)).index("sena") + 1


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("", "'' is no name: 2 to 31 of a-z, 0-9 and _, a letter first (make persona name=sena)"),
        ("Sena", "'Sena' is no name"),
        ("세나", "'세나' is no name"),
        ("s", "'s' is no name"),
        ("s" * 32, "is no name"),
        ("1sena", "'1sena' is no name"),
        ("sena\n", "'sena\\n' is no name"),
        ("../sena", "'../sena' is no name"),
        ("lambda", "'lambda' is a word of Python's own; choose another name"),
        ("lua", "there is a function 'lua' already"),
        ("batch", "there is a function 'batch' already"),
    ],
)
def test_a_bad_name_is_refused_and_nothing_is_written(
    real: Path, capsys: pytest.CaptureFixture[str], name: str, says: str
) -> None:
    before = everything(real)
    assert main([name, "--root", str(real)]) == 1
    said = capsys.readouterr().err
    assert said.startswith("persona: ")
    assert says in said
    assert everything(real) == before


@pytest.mark.parametrize("file", ["functions/sena/notes.txt", "shared/ion_mentoring/personas/cards/sena.toml"])
def test_what_is_there_already_is_never_overwritten(real: Path, capsys: pytest.CaptureFixture[str], file: str) -> None:
    (real / file).parent.mkdir(exist_ok=True)
    (real / file).write_text("listed = 1\n")
    before = everything(real)
    assert main(["sena", "--root", str(real)]) == 1
    assert "is there already" in capsys.readouterr().err
    assert everything(real) == before


@pytest.mark.parametrize("blocked", [CARD, MAP])
def test_what_was_written_is_taken_back_when_a_later_file_cannot_be(
    real: Path, capsys: pytest.CaptureFixture[str], blocked: Path
) -> None:
    (real / blocked.parent / f".{blocked.name}.unfinished").mkdir()  # what is written on the way to `blocked`
    before = everything(real)
    assert main(["sena", "--root", str(real)]) == 1
    assert "nothing was added" in capsys.readouterr().err
    assert everything(real) == before


@pytest.mark.parametrize(
    ("file", "text", "says"),
    [
        ("infra/terraform/functions.json", '{"router": {"kind": "router"}}', "has no persona whose function could be copied"),
        ("functions/lua/main.py", "card = 'other'\n", "functions/lua/main.py: does not name lua exactly once, as its card"),
        ("functions/lua/main.py", 'lua = "cards/lua.toml"\n', "does not name lua exactly once"),
        ("shared/ion_mentoring/personas/cards/nana.toml", "listed = 'last'", "nana.toml: is no card with a place"),
        ("shared/ion_mentoring/personas/cards/nana.toml", "listed", "nana.toml: is no card with a place"),
    ],
)
def test_a_repository_that_cannot_be_added_to_is_refused_by_file(
    real: Path, capsys: pytest.CaptureFixture[str], file: str, text: str, says: str
) -> None:
    (real / file).write_text(text)
    before = everything(real)
    assert main(["sena", "--root", str(real)]) == 1
    assert says in capsys.readouterr().err
    assert everything(real) == before


def test_planning_writes_nothing_and_puts_the_map_last(real: Path) -> None:
    before = everything(real)
    assert list(planned(real, "sena")) == [CARD, FUNCTION, MAP]
    assert everything(real) == before
