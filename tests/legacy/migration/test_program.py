"""The migration as people run it, over files, folders and projects."""

import io
import json
import multiprocessing
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from migration.running.program import MISUSED, NOT_WRITTEN, OK, WOULD_CHANGE, main
from migration.running.progress import Progress

ROOT = Path(__file__).resolve().parents[3]
OLD = 'from persona_system import PersonaPipeline\n\npipeline = PersonaPipeline()\npersona = pipeline.get_persona("x")\n'
NEW = (
    "from persona_system import get_pipeline\n\n"
    'pipeline = get_pipeline()\npersona = pipeline.router.route("x").primary_persona\n'
)
NOBODY = 65534


@pytest.fixture
def code(tmp_path: Path) -> Path:
    folder = tmp_path / "code"
    folder.mkdir()
    (folder / "old.py").write_text(OLD)
    (folder / "other.py").write_text("import os\n")
    return folder


def reported(folder: Path, *arguments: str) -> dict[str, Any]:
    file = folder.parent / "report.json"
    main(["--dir", str(folder), "--quiet", "--report", str(file), *arguments])
    told: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return told


def status_of(report: dict[str, Any], name: str) -> dict[str, Any]:
    (one,) = [one for one in report["files"] if Path(one["path"]).name == name]
    return dict(one)


def git(folder: Path, *arguments: str) -> None:
    who = ("-c", "user.name=t", "-c", "user.email=t@example.com")
    subprocess.run(["git", "-C", str(folder), *who, *arguments], check=True, capture_output=True)


def test_without_live_a_diff_is_all_there_is(code: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--dir", str(code)]) == OK
    told = capsys.readouterr().out
    assert '-pipeline = PersonaPipeline()\n-persona = pipeline.get_persona("x")\n+pipeline = get_pipeline()\n' in told
    assert "@@ -1,4 +1,4 @@" in told
    assert "would change in 3 places" in told
    assert (code / "old.py").read_text() == OLD


def test_the_diff_can_be_applied(code: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (code / "bare.py").write_text(OLD.rstrip())
    main(["--dir", str(code)])
    diff = capsys.readouterr().out.partition(f"{code}/bare.py: ")[0]
    subprocess.run(["patch", "-p1", "--directory=/", "--quiet"], input=diff, text=True, check=True)
    assert ((code / "old.py").read_text(), (code / "bare.py").read_text()) == (NEW, NEW.rstrip())


def test_live_writes_and_leaves_a_backup(code: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (code / "old.py").chmod(0o750)
    (code / "old.py.bak").write_text("somebody's own")
    assert main(["--dir", str(code), "--live"]) == OK
    assert (code / "old.py").read_text() == NEW
    assert (code / "old.py").stat().st_mode & 0o777 == 0o750
    assert ((code / "old.py.bak").read_text(), (code / "old.py.bak1").read_text()) == ("somebody's own", OLD)
    assert "the old one is old.py.bak1" in capsys.readouterr().out
    assert sorted(path.name for path in code.iterdir()) == ["old.py", "old.py.bak", "old.py.bak1", "other.py"]


def test_a_clean_tree_of_git_needs_no_backup(code: Path) -> None:
    git(code, "init", "-q")
    git(code, "add", ".")
    git(code, "commit", "-qm", "x")
    assert main(["--dir", str(code), "--live", "--quiet"]) == OK
    assert not list(code.glob("*.bak"))
    (code / ".git/info/exclude").write_text("ignored.py\n")
    git(code, "commit", "-qam", "new")
    (code / "ignored.py").write_text(OLD)
    assert main(["--dir", str(code), "--live", "--quiet"]) == OK
    assert (code / "ignored.py.bak").read_text() == OLD
    (code / "later.py").write_text(OLD)
    assert main(["--dir", str(code), "--live", "--quiet"]) == OK
    assert (code / "later.py.bak").read_text() == OLD


def test_check_tells_by_its_exit_status(code: Path) -> None:
    arguments = ["--dir", str(code), "--quiet"]
    assert main([*arguments, "--check"]) == WOULD_CHANGE
    assert (code / "old.py").read_text() == OLD
    assert main([*arguments, "--live"]) == OK
    assert main([*arguments, "--check"]) == OK


def test_quiet_is_quiet(code: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["--dir", str(code), "--quiet"])
    assert capsys.readouterr() == ("", "")


def test_a_report_tells_all_but_the_text(code: Path) -> None:
    report = reported(code, "--live")
    assert report["mode"] == "live"
    assert (report["totals"]["files"], report["totals"]["changed"], report["totals"]["changes"]) == (2, 1, 3)
    one = status_of(report, "old.py")
    assert (one["status"], one["changes"], Path(one["backup"]).name) == ("changed", 3, "old.py.bak")
    assert "get_persona(" not in json.dumps(report)


@pytest.mark.parametrize(
    "arguments",
    [["--file", "missing.py"], ["--dir", "missing"], ["--project", __file__]],
)
def test_what_is_not_there_is_told(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == MISUSED
    assert "migrate: " in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments", [[], ["--dir", ".", "--file", "x.py"], ["--dir", ".", "--live", "--check"], ["--nonsense"]]
)
def test_a_wrong_call_is_refused(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == MISUSED
    assert "usage:" in capsys.readouterr().err


def test_a_read_only_file_stays(code: Path) -> None:
    (code / "old.py").chmod(0o444)
    report = reported(code, "--live")
    assert status_of(report, "old.py")["status"] == "read_only"
    assert (code / "old.py").read_text() == OLD
    assert main(["--dir", str(code), "--live", "--quiet"]) == NOT_WRITTEN


def test_a_link_stays_a_link(code: Path) -> None:
    elsewhere = code.parent / "elsewhere.py"
    elsewhere.write_text(OLD)
    (code / "link.py").symlink_to(elsewhere)
    (code / "loop").symlink_to(code)
    (code / "broken.py").symlink_to(code / "nothing.py")
    report = reported(code, "--live")
    assert status_of(report, "link.py")["status"] == "link"
    assert status_of(report, "broken.py")["status"] == "unreadable"
    assert elsewhere.read_text() == OLD
    assert report["totals"]["files"] == 4
    assert main(["--file", str(code / "link.py"), "--live", "--quiet"]) == OK
    assert (elsewhere.read_text(), (code / "link.py").is_symlink()) == (NEW, True)


def test_a_file_of_two_names_keeps_both(code: Path) -> None:
    os.link(code / "old.py", code.parent / "second.py")
    main(["--file", str(code / "old.py"), "--live", "--quiet"])
    assert (code.parent / "second.py").read_text() == NEW


def _as_nobody(folder: str, report: str) -> None:
    if os.getuid() == 0:
        os.setuid(NOBODY)
    main(["--dir", folder, "--quiet", "--report", report])


def test_a_folder_that_it_may_not_read_is_told_of(tmp_path: Path) -> None:
    for folder in (
        tmp_path,
        *(parent for parent in tmp_path.parents if parent.is_relative_to("/tmp") and parent != Path("/tmp")),
    ):
        folder.chmod(0o755)
    code, report = tmp_path / "code", tmp_path / "report.json"
    (code / "locked").mkdir(parents=True)
    (code / "locked/old.py").write_text(OLD)
    (code / "old.py").write_text(OLD)
    report.touch()
    report.chmod(0o666)
    (code / "locked").chmod(0o000)
    child = multiprocessing.get_context("fork").Process(target=_as_nobody, args=(str(code), str(report)))
    child.start()
    child.join()
    (code / "locked").chmod(0o755)
    told = json.loads(report.read_text())
    assert status_of(told, "locked")["status"] == "unreadable"
    assert status_of(told, "old.py")["status"] == "changed"


def test_a_notebook_is_left_alone_with_a_word(code: Path) -> None:
    notebook = json.dumps({"cells": [{"cell_type": "code", "source": [OLD]}]})
    (code / "work.ipynb").write_text(notebook)
    (code / "empty.ipynb").write_text("{}")
    report = reported(code, "--live")
    one = status_of(report, "work.ipynb")
    assert (one["status"], "Jupyter" in one["reason"]) == ("notebook", True)
    assert (code / "work.ipynb").read_text() == notebook
    assert "empty.ipynb" not in json.dumps(report)


def test_folders_of_tools_are_passed_by(code: Path) -> None:
    for folder in (".venv", "node_modules", "__pycache__", "inner"):
        (code / folder).mkdir()
        (code / folder / "old.py").write_text(OLD)
    assert reported(code)["totals"]["changed"] == 2


def test_a_project_is_what_git_does_not_ignore(code: Path) -> None:
    (code / "generated").mkdir()
    (code / "generated/old.py").write_text(OLD)
    report = code.parent / "report.json"
    for ignored, changed in ((False, 2), (True, 1)):
        if ignored:
            git(code, "init", "-q")
            (code / ".gitignore").write_text("generated/\n")
        assert main(["--project", str(code), "--quiet", "--report", str(report)]) == OK
        assert json.loads(report.read_text())["totals"]["changed"] == changed


def test_what_one_file_exports_is_a_pipeline_in_the_others(code: Path) -> None:
    core = "from persona_system import PersonaPipeline\nengine = PersonaPipeline()\ndef make():\n    return engine\n"
    used = "def view(key):\n    return engine.get_persona(key), core.make().get_confidence(key)\n"
    (code / "core.py").write_text(core)
    views = f"from code.core import engine\nfrom . import core\n\n{used}"
    (code / "views.py").write_text(views)
    (code / "unrelated.py").write_text("from users import store\nstore.get_persona(1)\n")
    report = reported(code, "--live")
    assert "get_pipeline()" in (code / "core.py").read_text()
    assert (
        "engine.router.route(key).primary_persona, core.make().router.route(key).confidence" in (code / "views.py").read_text()
    )
    assert (code / "unrelated.py").read_text() == "from users import store\nstore.get_persona(1)\n"
    assert status_of(report, "unrelated.py")["notes"][0]["line"] == 2


def test_an_attribute_of_an_object_is_a_pipeline_in_other_files(code: Path) -> None:
    service = "class Service:\n    def __init__(self):\n        self.engine = PersonaPipeline()\n"
    (code / "service.py").write_text(f"from persona_system import PersonaPipeline\n\n{service}")
    (code / "views.py").write_text("def view(service, key):\n    return service.engine.get_persona(key)\n")
    report = reported(code, "--live")
    assert status_of(report, "views.py")["notes"][0]["code"] == "taken_by_name"
    assert "service.engine.router.route(key).primary_persona" in (code / "views.py").read_text()
    assert "self.engine = get_pipeline()" in (code / "service.py").read_text()


def test_what_tests_patch_by_a_string_is_told(code: Path) -> None:
    (code / "test_it.py").write_text('from unittest.mock import patch\n\nwith patch("code.old.PersonaPipeline"):\n    pass\n')
    (code / "ours.py").write_text(f'{OLD}\nTARGET = "persona_system.legacy.get_legacy_pipeline"\n')
    report = reported(code)
    assert status_of(report, "test_it.py")["notes"] == [
        {"line": 3, "code": "in_a_string", "text": "names something old in a string, which stays as it is", "keeps": False}
    ]
    assert [note["line"] for note in status_of(report, "ours.py")["notes"]] == [6]


def test_a_use_elsewhere_that_has_no_equal_keeps_the_old_face(code: Path) -> None:
    core = "from persona_system import PersonaPipeline\nengine = PersonaPipeline()\n"
    (code / "core.py").write_text(core)
    (code / "views.py").write_text("from core import engine\nprint(engine.get_statistics(), engine.get_persona('x'))\n")
    reported(code, "--live")
    assert (code / "core.py").read_text() == core
    assert "engine.get_statistics(), engine.router.route('x').primary_persona" in (code / "views.py").read_text()


def test_two_thousand_files_and_a_bar(tmp_path: Path) -> None:
    for number in range(2_000):
        text = f"def f_{number}(a, b):\n    return a + b\n" * 20
        (tmp_path / f"module_{number}.py").write_text(OLD if number % 40 == 0 else text)
    read, write = os.openpty()
    command = [sys.executable, "migrate_persona_imports.py", "--dir", str(tmp_path), "--check"]
    done = subprocess.run(command, cwd=ROOT, stderr=write, stdout=subprocess.PIPE, text=True, check=False)
    os.close(write)
    shown = os.read(read, 100_000).decode()
    os.close(read)
    assert done.returncode == WOULD_CHANGE
    assert "2000/2000" in shown
    assert "files: 2000, changed: 50, unchanged: 1950, changes: 150" in done.stdout


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_the_bar_is_for_terminals_and_for_much_to_do() -> None:
    for out, total, shown in ((Terminal(), 5, True), (io.StringIO(), 5, True), (Terminal(), 1, True), (Terminal(), 5, False)):
        progress = Progress(total, out, shown=shown)
        for _ in range(total):
            progress.step()
        progress.end()
        assert bool(out.getvalue()) == (isinstance(out, Terminal) and total > 1 and shown)
