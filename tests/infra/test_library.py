"""The library's modules as the bundler finds them where grimp alone would pass over one, and the errors of grimp."""

import importlib
import os
import sys
from typing import TYPE_CHECKING

import pytest

from infra.user_error import UserError

if TYPE_CHECKING:
    from tests.infra.conftest import Tree


def test_the_library_below_the_root_is_read_and_not_the_one_that_is_imported_here(tree: "Tree") -> None:
    assert importlib.import_module("ion_mentoring.errors") is sys.modules["ion_mentoring.errors"]
    tree.write("functions/one/main.py", "import ion_mentoring.errors\n")
    with pytest.raises(UserError, match=r"there is no module ion_mentoring.errors"):
        tree.closure()


def test_a_module_changed_within_the_same_tick_is_read_anew(tree: "Tree") -> None:
    for module in ("a", "b"):
        tree.module(f"ion_mentoring/{module}.py")
    door = tree.write("shared/ion_mentoring/door.py", "import ion_mentoring.a\n")
    tree.write("functions/one/main.py", "import ion_mentoring.door\n")
    assert tree.modules() == ["__init__.py", "a.py", "door.py"]
    times = door.stat()
    door.write_text("import ion_mentoring.b\n")
    os.utime(door, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert tree.modules() == ["__init__.py", "b.py", "door.py"]


def test_a_missing_module_is_refused_where_the_library_imports_it(tree: "Tree") -> None:
    tree.module("ion_mentoring/room/door.py", "from ion_mentoring import room\nfrom .nowhere import thing\n")
    tree.write("functions/one/main.py", "import ion_mentoring.room.door\n")
    with pytest.raises(UserError, match=r"^shared/ion_mentoring/room/door.py:2: there is no module ion_mentoring.room.nowhere"):
        tree.closure()


def test_a_folder_without_init_is_no_room_of_the_library(tree: "Tree") -> None:
    tree.write("shared/ion_mentoring/room/door.py")
    tree.write("functions/one/main.py", "import ion_mentoring.room.door\n")
    with pytest.raises(UserError, match=r"^functions/one/main.py:1: there is no module ion_mentoring.room"):
        tree.closure()


def test_what_type_checkers_alone_read_stays_out_below_an_alias_and_in_a_nested_test(tree: "Tree") -> None:
    for module in ("typed", "run"):
        tree.module(f"ion_mentoring/{module}.py")
    tree.module(
        "ion_mentoring/door.py",
        "import typing as t\n"
        "if t.TYPE_CHECKING:\n    if True:\n        import ion_mentoring.typed\nelse:\n    import ion_mentoring.run\n",
    )
    tree.write("functions/one/main.py", "import ion_mentoring.door\n")
    assert tree.modules() == ["__init__.py", "door.py", "run.py"]


def test_a_syntax_error_is_refused_in_a_module_that_nobody_imports_too(tree: "Tree") -> None:
    tree.module("ion_mentoring/broken.py", "a = 1\nb = = 2\n")
    with pytest.raises(UserError, match=r"^shared/ion_mentoring/broken.py:2: invalid syntax"):
        tree.closure()


def test_a_module_that_is_not_utf8_is_refused_by_name(tree: "Tree") -> None:
    tree.write("shared/ion_mentoring/other.py").write_bytes(b"\xff")
    with pytest.raises(UserError, match=r"shared/ion_mentoring/other.py as UTF-8"):
        tree.closure()


def test_a_module_that_cannot_be_read_is_refused_by_name(tree: "Tree") -> None:
    (tree.root / "shared/ion_mentoring/gone.py").symlink_to("nowhere.py")
    with pytest.raises(UserError, match=r"^shared/ion_mentoring/gone.py: No such file"):
        tree.closure()
