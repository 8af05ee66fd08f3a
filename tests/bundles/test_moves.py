"""The table of what redeploys is what happens."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from infra.bundling.pins import Installed
from infra.functions import read_map
from infra.tables.moves import PAGE, PINNED, PINS, Copy, Row, copied, main, room, rows, table, tracked
from infra.tables.pages import made_part

REPOSITORY = Path(__file__).resolve().parents[2]
FUNCTIONS = list(read_map(REPOSITORY))
PERSONAS = {name for name, entry in read_map(REPOSITORY).items() if entry["kind"] == "persona"}


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


@pytest.fixture(scope="module")
def changing(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    root = tmp_path_factory.mktemp("moves")
    with copied(REPOSITORY) as copy:
        return _kept(copy, root)


def _kept(copy: Path, root: Path) -> Copy:
    """The copy, where it outlives the making."""
    copy.rename(root / "copy")
    copy.mkdir()
    return Copy(root / "copy", Installed())


def told(name: str) -> dict[frozenset[str], int]:
    """What the page says of a room: the functions that move, and how many files move them."""
    found = {}
    for line in made_part(PAGE).splitlines()[2:]:
        first, files, *marks = cells(line)
        if first == name:
            many = files.partition(", such as")
            found[frozenset(n for n, mark in zip(FUNCTIONS, marks, strict=True) if mark)] = int(many[0]) if many[1] else 1
    return found


def sample() -> Sequence[Path]:
    """One file of each room that is deployed: the first by name."""
    chosen: dict[str, Path] = {}
    for file in tracked(REPOSITORY):
        if file.parts[0] in ("functions", "shared"):
            chosen.setdefault(room(file), file)
    return list(chosen.values())


@pytest.mark.parametrize("file", sample(), ids=str)
def test_a_change_moves_what_the_page_says(changing: Copy, file: Path) -> None:
    assert changing.moved_by(file) in told(room(file))


def test_the_page_knows_every_file() -> None:
    files = [file for file in tracked(REPOSITORY) if file != PINS]
    for name in {room(file) for file in files}:
        own = [file for file in files if room(file) == name]
        deployed = own[0].parts[0] in ("functions", "shared")
        assert sum(told(name).values()) == (len(own) if deployed else 1), name


def test_what_is_not_deployed_moves_nothing(changing: Copy) -> None:
    rest = [file for file in tracked(REPOSITORY) if file.parts[0] not in ("functions", "shared") and file != PINS]
    assert len(rest) > 100
    assert changing.moved_by(*rest) == frozenset()
    assert set(told("docs/")) == set(told("tests/")) == {frozenset()}


@pytest.mark.parametrize("name", PINNED)
def test_a_pin_moves_those_who_need_it(changing: Copy, name: str) -> None:
    assert set(told(f"{PINS}: {name}")) == {changing.moved_by_pin(name)}


def test_a_card_moves_its_persona_and_no_other() -> None:
    for persona in PERSONAS:
        ((moved, _),) = told(f"card {persona}").items()
        assert moved & PERSONAS == {persona}


def test_a_file_is_as_before_after_it_was_changed(changing: Copy) -> None:
    assert changing.moved_by() == frozenset()


def test_rows_are_made_of_what_moves_together(changing: Copy) -> None:
    cards = [Path(f"shared/ion_mentoring/personas/cards/{name}.toml") for name in ("lua", "elro")]
    found = [row for row in rows(changing, cards) if row.room.startswith("card")]
    assert [row.room for row in found] == ["card lua", "card elro"]
    text = table([Row("x", ("a", "b"), frozenset({"lua"}))], ["router", "lua"])
    assert cells(text.splitlines()[-1]) == ["x", "2, such as a", "", "●"]


def test_a_folder_that_is_no_repository_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--root", str(tmp_path)]) == 1
    assert "moves:" in capsys.readouterr().err
