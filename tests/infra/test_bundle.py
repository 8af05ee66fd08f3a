"""The zips: what they hold, that their bytes depend on nothing else, and how the program talks to people."""

import hashlib
import io
import json
import os
import subprocess
import sys
import tomllib
import zipfile
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from infra.bundle import bundles, described, main, write
from infra.bundling.archive import packed
from infra.bundling.platform import PLATFORM
from infra.functions import MAP, read_map, written
from infra.user_error import UserError
from tests.infra.conftest import HASH

if TYPE_CHECKING:
    from tests.infra.conftest import Tree

REPOSITORY = Path(__file__).resolve().parents[2]


@pytest.fixture
def filled(tree: "Tree") -> "Tree":
    tree.module("ion_mentoring/room/door.py", 'CARD = "ion_mentoring/room/*.toml"\n')
    tree.write("shared/ion_mentoring/room/카드.toml", 'name = "루아"\n')
    tree.write("functions/one/main.py", "import ion_mentoring.room.door\n")
    return tree


def test_main_is_at_the_top_with_the_package_and_the_pins_beside_it(filled: "Tree") -> None:
    with zipfile.ZipFile(io.BytesIO(filled.bundle().content)) as archive:
        assert archive.namelist() == [
            ".python-version",
            "ion_mentoring/__init__.py",
            "ion_mentoring/room/__init__.py",
            "ion_mentoring/room/door.py",
            "ion_mentoring/room/카드.toml",
            "ion_mentoring/room/카드.toml.json",
            "main.py",
            "requirements.txt",
        ]
        lines = [f"{name}==1.0 \\\n    {HASH}\n" for name in ("functions-framework", "httptools", "uvloop")]
        assert archive.read("requirements.txt").decode() == "".join(lines)
        assert archive.read(".python-version").decode() == f"{PLATFORM['python_version']}\n", "else the newest one builds it"
        assert archive.read("ion_mentoring/room/카드.toml").decode() == 'name = "루아"\n'


def test_beside_a_toml_file_lies_what_it_says_as_json_unless_it_has_a_date(filled: "Tree") -> None:
    filled.write("shared/ion_mentoring/room/dated.toml", "since = 2026-11-29\n")
    with zipfile.ZipFile(io.BytesIO(filled.bundle().content)) as archive:
        assert archive.read("ion_mentoring/room/카드.toml.json").decode() == '{"name":"루아"}'
        assert [name for name in archive.namelist() if "dated" in name] == ["ion_mentoring/room/dated.toml"]


def test_learned_tables_lie_in_a_bundle_as_they_are_and_say_the_same(filled: "Tree") -> None:
    tables, by_chance = bytes(range(256)) * 64, b'{"bits": 2}\n\x78 no data of zlib'
    packed = b'{"bits": 1}\n' + zlib.compress(tables)
    filled.module("ion_mentoring/room/door.py", 'LEARNED = "ion_mentoring/room/*.bin"\n')
    for name, data in {"packed": packed, "plain": b'{"bits": 2}\nabc', "chance": by_chance}.items():
        Path(filled.root, f"shared/ion_mentoring/room/{name}.bin").write_bytes(data)
    with zipfile.ZipFile(io.BytesIO(filled.bundle().content)) as archive:
        head, _, there = archive.read("ion_mentoring/room/packed.bin").partition(b"\n")
        assert (head, zlib.decompress(there)) == (b'{"bits": 1}', tables)
        assert tables in there
        assert archive.read("ion_mentoring/room/plain.bin") == b'{"bits": 2}\nabc'
        assert archive.read("ion_mentoring/room/chance.bin") == by_chance


def test_what_lies_beside_the_products_own_toml_files_is_what_they_say() -> None:
    for one in bundles(REPOSITORY):
        with zipfile.ZipFile(io.BytesIO(one.content)) as archive:
            there = set(archive.namelist())
            files = [name for name in there if name.endswith(".toml") and f"{name}.json" in there]
            assert len(files) > 1
            for name in files:
                assert json.loads(archive.read(f"{name}.json")) == tomllib.loads(archive.read(name).decode())


def test_entries_have_one_date_one_mode_and_are_stored(filled: "Tree") -> None:
    with zipfile.ZipFile(io.BytesIO(filled.bundle().content)) as archive:
        told = {(one.date_time, one.external_attr >> 16, one.compress_type, one.create_system) for one in archive.infolist()}
    assert told == {((1980, 1, 1, 0, 0, 0), 0o100644, zipfile.ZIP_STORED, 3)}


def test_the_bytes_are_those_that_every_machine_writes() -> None:
    archive = packed({"b.txt": "둘".encode(), "a.txt": b"one"})
    assert packed({"a.txt": b"one", "b.txt": "둘".encode()}) == archive
    assert hashlib.sha256(archive).hexdigest() == "44a3de8991c00a2c6be80a654118588fc4d5920460d4211e6a7e4163fbc7c504"


def test_the_name_carries_the_start_of_the_sha256_of_the_bytes(filled: "Tree") -> None:
    made = filled.bundle()
    assert made.file == f"one-{hashlib.sha256(made.content).hexdigest()[:16]}.zip"


def test_modification_times_modes_and_leftovers_do_not_matter(filled: "Tree") -> None:
    before = filled.bundle().content
    for path in filled.root.rglob("*.py"):
        os.utime(path, (1, 1))
        path.chmod(0o600)
    filled.write("shared/ion_mentoring/room/__pycache__/door.cpython-311.pyc", "left")
    filled.write("shared/ion_mentoring/room/unused.py")
    filled.lock(
        "# said otherwise", *(f"{pin} {HASH}" for pin in ("uvloop == 1.0", "httptools==1.0", "Functions_Framework==1.0"))
    )
    assert filled.bundle().content == before


def test_a_changed_byte_changes_the_name(filled: "Tree") -> None:
    before = filled.bundle().file
    filled.write("shared/ion_mentoring/room/카드.toml", 'name = "엘로"\n')
    assert filled.bundle().file != before


def test_writing_replaces_the_functions_own_earlier_zip_and_no_other(filled: "Tree", tmp_path: Path) -> None:
    build = tmp_path / "new" / "build"
    first = filled.bundle()
    write([first], build)
    others = {"one-notes.zip", "one_more-0123456789abcdef.zip"}
    for other in others:
        (build / other).touch()
    filled.write("functions/one/main.py", "print()\n")
    second = filled.bundle()
    write([second], build)
    assert {path.name for path in build.iterdir()} == {second.file, *others}
    assert (build / second.file).read_bytes() == second.content


def test_a_folder_that_cannot_be_written_is_refused(filled: "Tree", tmp_path: Path) -> None:
    (tmp_path / "build").touch()
    with pytest.raises(UserError, match="build: File exists"):
        write([filled.bundle()], tmp_path / "build")


def test_all_functions_of_the_map_are_bundled_unless_some_are_named(filled: "Tree") -> None:
    filled.write("infra/terraform/functions.json", '{"two": {}, "one": {}}')
    filled.write("functions/two/main.py")
    assert [one.name for one in bundles(filled.root, installed=filled.installed)] == ["two", "one"]
    assert [one.name for one in bundles(filled.root, ["one"], filled.installed)] == ["one"]


def test_a_description_names_modules_data_and_pins(filled: "Tree") -> None:
    said = described(filled.bundle())
    assert said.startswith("one\n  modules (3)\n    ion_mentoring/__init__.py\n")
    assert "  data (1)\n    ion_mentoring/room/카드.toml\n  pins (3)\n    functions-framework==1.0\n" in said


@pytest.mark.parametrize(
    ("breaks", "names", "says"),
    [
        ({}, ["nobody"], "there is no function 'nobody' in infra/terraform/functions.json; there are one"),
        ({"infra/terraform/functions.json": "{"}, [], "infra/terraform/functions.json:1: Expecting property name"),
        ({"infra/terraform/functions.json": "[]"}, [], "infra/terraform/functions.json: is no object of objects"),
        ({"infra/terraform/functions.json": '{"gone": {}}'}, [], "functions/gone/main.py: No such file or directory"),
        ({"requirements.txt": "uvloop\n"}, [], "requirements.txt:1: 'uvloop' is no exact pin, name==version"),
    ],
)
def test_a_mistake_is_one_readable_line_and_exit_1(
    filled: "Tree", capsys: pytest.CaptureFixture[str], breaks: dict[str, str], names: list[str], says: str
) -> None:
    for file, text in breaks.items():
        filled.write(file, text)
    assert main([*names, "--root", str(filled.root)]) == 1
    said = capsys.readouterr()
    assert said.err.startswith(f"bundle: {says}")
    assert said.err.count("\n") == 1
    assert not (filled.root / "build").exists()


def test_listing_says_what_goes_in_and_writes_nothing(real: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--list", "lua", "lua", "--root", str(real)]) == 0
    said = capsys.readouterr().out
    assert said.startswith("lua\n  modules (")
    assert "    ion_mentoring/personas/cards/lua.toml\n" in said
    *_, header, row = said.splitlines()
    assert header.split() == ["function", "hash", "bytes", "files"]
    assert row.split()[0] == "lua"
    assert not (real / "build").exists()


def test_the_program_makes_the_same_bytes_from_anywhere_and_under_any_umask(real: Path, tmp_path: Path) -> None:
    made = []
    for umask, seed, cwd in ((0o022, "1", real), (0o077, "2", tmp_path)):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "LC_ALL": "C"}
        command = [sys.executable, str(real / "infra/bundle.py"), "router", "lua"]
        done = subprocess.run(command, cwd=cwd, env=environment, umask=umask, capture_output=True, text=True)
        assert (done.returncode, done.stderr) == (0, "")
        made.append({path.name: path.read_bytes() for path in (real / "build").iterdir()})
    assert made[0] == made[1]
    assert sorted(name.split("-")[0] for name in made[0]) == ["lua", "router"]


def test_the_map_is_written_as_it_is_read_one_function_a_line() -> None:
    text = (REPOSITORY / MAP).read_text(encoding="utf-8")
    assert written(read_map(REPOSITORY)) == text


def test_every_function_of_the_map_is_there_and_no_other() -> None:
    there = {path.parent.name for path in REPOSITORY.glob("functions/*/main.py")}
    assert set(read_map(REPOSITORY)) == there
