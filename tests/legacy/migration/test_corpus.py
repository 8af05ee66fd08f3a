"""Programs of the old face, each before and after: the change, that it is done once, and that it means the same."""

import ast
from pathlib import Path
from typing import Any

import pytest

from migration.running.files import Found
from migration.running.outcome import Outcome, Status
from migration.running.program import written
from migration.running.project import Project

CORPUS = Path(__file__).parent / "corpus"
BEFORE = sorted(CORPUS.glob("*.before.py"))
LEFT_ALONE = {
    "lone_cr",
    "null_byte",
    "python_2",
    "python_2_except",
    "syntax_error",
    "unknown_encoding",
    "wrong_encoding",
}


def name_of(path: Path) -> str:
    return path.name.partition(".")[0]


def after(path: Path) -> bytes:
    return path.with_name(f"{name_of(path)}.after.py").read_bytes()


def runs(path: Path) -> bool:
    return b"RESULT" in path.read_bytes() and name_of(path) not in LEFT_ALONE


def looked_at(path: Path) -> Outcome:
    (outcome,) = Project().outcomes([Found(path)])
    return outcome


def run(program: bytes) -> Any:
    names: dict[str, Any] = {"__name__": "program", "__builtins__": __builtins__}
    exec(compile(program, "program.py", "exec"), names)
    return names["RESULT"]


def test_there_are_programs() -> None:
    assert len(BEFORE) >= 80


@pytest.mark.parametrize("path", BEFORE, ids=name_of)
def test_a_program_becomes_what_it_should_and_only_once(path: Path, tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_bytes(path.read_bytes())
    written(looked_at(program), backup=False)
    assert program.read_bytes() == after(path)
    assert looked_at(program).status in (Status.UNCHANGED, Status.UNPARSED)


@pytest.mark.parametrize("path", [path for path in BEFORE if name_of(path) in LEFT_ALONE], ids=name_of)
def test_what_cannot_be_read_is_told_of_and_left_alone(path: Path) -> None:
    outcome = looked_at(path)
    assert outcome.status is Status.UNPARSED
    assert outcome.reason
    assert written(outcome, backup=False) is outcome
    assert after(path) == path.read_bytes()


@pytest.mark.parametrize("path", [path for path in BEFORE if path.read_bytes() != after(path)], ids=name_of)
def test_what_was_changed_still_compiles(path: Path) -> None:
    ast.parse(after(path))


@pytest.mark.parametrize("path", [path for path in BEFORE if runs(path)], ids=name_of)
def test_a_program_that_runs_tells_the_same_as_before(path: Path) -> None:
    assert run(after(path)) == run(path.read_bytes())


@pytest.mark.parametrize(
    ("name", "line", "code", "keeps"),
    [
        ("star", 1, "star_import", False),
        ("star_of_legacy", 1, "star_import", False),
        ("statistics_keep_it", 4, "no_equal", True),
        ("debug_info_keeps_it", 3, "no_equal", True),
        ("method_reference_keeps_it", 4, "method_reference", True),
        ("private_cache_keeps_it", 5, "method_reference", True),
        ("getattr_keeps_it", 4, "method_reference", True),
        ("subclass_keeps_it", 4, "subclass", True),
        ("unknown_receiver_keeps_it", 5, "unknown_receiver", True),
        ("arguments_keep_it", 3, "arguments", True),
        ("star_arguments_of_prompts", 5, "arguments", True),
        ("try_without", 2, "several_meanings", True),
        ("parameter_by_name", 5, "taken_by_name", False),
        ("re_export_all", 1, "re_export", False),
        ("unused", 3, "re_export", False),
    ],
)
def test_what_a_person_has_to_look_at_is_told_with_its_line(name: str, line: int, code: str, keeps: bool) -> None:
    notes = looked_at(CORPUS / f"{name}.before.py").notes
    assert (line, code, keeps) in {(note.line, note.code, note.keeps) for note in notes}


@pytest.mark.parametrize("name", ["plain", "own_class_same_name", "only_strings", "two_classes"])
def test_where_nothing_is_in_doubt_nothing_is_remarked(name: str) -> None:
    assert looked_at(CORPUS / f"{name}.before.py").notes == ()
