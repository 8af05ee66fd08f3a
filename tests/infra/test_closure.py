"""What the bundler finds by following imports, and what it refuses to guess."""

from typing import TYPE_CHECKING

import pytest

from infra.user_error import UserError

if TYPE_CHECKING:
    from tests.infra.conftest import Tree


def test_a_module_that_nobody_imports_stays_out(tree: "Tree") -> None:
    tree.module("ion_mentoring/used.py")
    tree.module("ion_mentoring/unused.py")
    tree.write("functions/one/main.py", "from ion_mentoring.used import thing\n")
    assert tree.modules() == ["__init__.py", "used.py"]


def test_imports_are_followed_to_their_end_and_cycles_come_to_one(tree: "Tree") -> None:
    tree.module("ion_mentoring/a.py", "import ion_mentoring.b\n")
    tree.module("ion_mentoring/b.py", "import ion_mentoring.c\n")
    tree.module("ion_mentoring/c.py", "import ion_mentoring.a\n")
    tree.write("functions/one/main.py", "import ion_mentoring.a\n")
    assert tree.modules() == ["__init__.py", "a.py", "b.py", "c.py"]


@pytest.mark.parametrize(
    "source",
    [
        "def late():\n    from ion_mentoring.found import thing\n",
        "class Lazy:\n    from ion_mentoring.found import thing\n",
        "if 1 > 2:\n    import ion_mentoring.found\n",
        "try:\n    pass\nexcept OSError:\n    import ion_mentoring.found\n",
        "match 1:\n    case _:\n        import ion_mentoring.found as other\n",
        "async def late():\n    async with x:\n        import ion_mentoring.found\n",
        "from ion_mentoring import found\n",
        "from ion_mentoring.found import *\n",
    ],
)
def test_an_import_is_found_wherever_it_stands_and_however_it_is_written(tree: "Tree", source: str) -> None:
    tree.module("ion_mentoring/found.py")
    tree.write("functions/one/main.py", source)
    assert tree.modules() == ["__init__.py", "found.py"]


def test_the_parents_come_along_and_what_their_init_imports(tree: "Tree") -> None:
    tree.module("ion_mentoring/deep/deeper/leaf.py")
    tree.module("ion_mentoring/deep/__init__.py", "import ion_mentoring.other\n")
    tree.module("ion_mentoring/other.py")
    tree.write("functions/one/main.py", "import ion_mentoring.deep.deeper.leaf\n")
    assert tree.modules() == [
        "__init__.py",
        "deep/__init__.py",
        "deep/deeper/__init__.py",
        "deep/deeper/leaf.py",
        "other.py",
    ]


def test_a_name_imported_from_a_package_is_its_submodule_or_belongs_to_its_init(tree: "Tree") -> None:
    tree.module("ion_mentoring/package/submodule.py")
    tree.module("ion_mentoring/package/__init__.py", "constant = 1\n")
    tree.write("functions/one/main.py", "from ion_mentoring.package import constant, submodule\n")
    assert tree.modules() == ["__init__.py", "package/__init__.py", "package/submodule.py"]


def test_relative_imports_are_followed_like_absolute_ones(tree: "Tree") -> None:
    tree.module("ion_mentoring/room/door.py", "from . import table\nfrom .chair import seat\nfrom ..hall import lamp\n")
    for module in ("room/table.py", "room/chair.py", "hall.py"):
        tree.module(f"ion_mentoring/{module}")
    tree.write("functions/one/main.py", "import ion_mentoring.room.door\n")
    assert tree.modules() == ["__init__.py", "hall.py", "room/__init__.py", "room/chair.py", "room/door.py", "room/table.py"]


@pytest.mark.parametrize("source", ["from . import sibling\n", "from .. import sibling\n"])
def test_a_relative_import_in_main_is_refused_since_main_has_no_package(tree: "Tree", source: str) -> None:
    tree.write("functions/one/main.py", f"\n{source}")
    with pytest.raises(UserError, match=r"functions/one/main.py:2: a relative import"):
        tree.closure()


@pytest.mark.parametrize("test", ["TYPE_CHECKING", "typing.TYPE_CHECKING"])
def test_what_only_type_checkers_read_is_not_followed(tree: "Tree", test: str) -> None:
    tree.module("ion_mentoring/typed.py")
    tree.module("ion_mentoring/run.py")
    body = '    from ion_mentoring.typed import T\n    NOTE = "ion_mentoring/none.toml"\n'
    tree.write("functions/one/main.py", f"if {test}:\n{body}else:\n    import ion_mentoring.run\n")
    assert tree.modules() == ["__init__.py", "run.py"]


@pytest.mark.parametrize(
    "source",
    [
        "import importlib\nimportlib.import_module('ion_mentoring.found')\n",
        "import importlib as other\nother.import_module(name)\n",
        "\nfrom importlib import import_module as load\n",
        "\n__import__('ion_mentoring.found')\n",
        "load = [\n__import__]\n",
    ],
)
def test_a_dynamic_import_is_refused_with_file_and_line(tree: "Tree", source: str) -> None:
    tree.module("ion_mentoring/dynamic.py", source)
    tree.write("functions/one/main.py", "import ion_mentoring.dynamic\n")
    with pytest.raises(UserError, match=r"^shared/ion_mentoring/dynamic.py:2: \w+ is a dynamic import"):
        tree.closure()


def test_a_dynamic_import_outside_the_closure_disturbs_nobody(tree: "Tree") -> None:
    tree.module("ion_mentoring/dynamic.py", "__import__('os')\n")
    assert tree.modules() == []


def test_a_module_that_is_not_there_is_refused_with_file_and_line(tree: "Tree") -> None:
    tree.write("functions/one/main.py", "import os\nfrom ion_mentoring.nowhere import thing\n")
    with pytest.raises(UserError, match=r"^functions/one/main.py:2: there is no module ion_mentoring.nowhere"):
        tree.closure()


def test_a_syntax_error_is_refused_with_file_and_line(tree: "Tree") -> None:
    tree.module("ion_mentoring/broken.py", "a = 1\nb = = 2\n")
    tree.write("functions/one/main.py", "import ion_mentoring.broken\n")
    with pytest.raises(UserError, match=r"^shared/ion_mentoring/broken.py:2: invalid syntax"):
        tree.closure()


def test_a_file_that_is_not_utf8_is_refused_by_name(tree: "Tree") -> None:
    tree.write("functions/one/main.py").write_bytes(b"\xff")
    with pytest.raises(UserError, match=r"^functions/one/main.py: is not UTF-8"):
        tree.closure()


def test_imports_of_others_are_collected_and_the_standard_library_is_not(tree: "Tree") -> None:
    tree.module("ion_mentoring/a.py", "import json, other.part\nfrom __future__ import annotations\n")
    tree.write("functions/one/main.py", "import ion_mentoring.a\nfrom another.part import thing\n")
    assert [str(one) for one in tree.closure().foreign] == ["another.part.thing", "other.part"]


def test_data_comes_along_by_path_and_by_glob_with_who_names_it(tree: "Tree") -> None:
    tree.module("ion_mentoring/reader.py", 'PATHS = ["ion_mentoring/cards/*.toml", "ion_mentoring/" "page.html"]\n')
    for file in ("cards/b.toml", "cards/a.toml", "cards/readme.md", "page.html", "mine.toml", "unnamed.toml"):
        tree.write(f"shared/ion_mentoring/{file}")
    tree.write("functions/one/main.py", 'import ion_mentoring.reader\nread("ion_mentoring/mine.toml")\n')
    assert tree.data() == ["cards/a.toml", "cards/b.toml", "mine.toml", "page.html"]


def test_a_glob_takes_files_only_and_nothing_that_an_interpreter_left(tree: "Tree") -> None:
    tree.write("shared/ion_mentoring/data/a.toml")
    tree.write("shared/ion_mentoring/data/deeper/b.toml")
    tree.write("shared/ion_mentoring/data/__pycache__/c.pyc")
    tree.write("functions/one/main.py", 'ALL = "ion_mentoring/data/**/*"\n')
    assert tree.data() == ["data/a.toml", "data/deeper/b.toml"]


@pytest.mark.parametrize("pattern", ["ion_mentoring/none.toml", "ion_mentoring/none/*.toml", "ion_mentoring/"])
def test_a_literal_that_matches_no_file_is_refused_with_file_and_line(tree: "Tree", pattern: str) -> None:
    tree.module("ion_mentoring/reader.py", f'\n\nPATH = "{pattern}"\n')
    tree.write("functions/one/main.py", "import ion_mentoring.reader\n")
    with pytest.raises(UserError, match=rf"^shared/ion_mentoring/reader.py:3: '{pattern.replace('*', '[*]')}' matches no file"):
        tree.closure()


def test_a_literal_that_leads_out_of_the_package_is_refused(tree: "Tree") -> None:
    tree.write("shared/secret.toml")
    tree.write("functions/one/main.py", 'PATH = "ion_mentoring/../secret.toml"\n')
    with pytest.raises(UserError, match=r"main.py:1: .* leads out of the package"):
        tree.closure()


def test_a_path_put_together_by_an_f_string_is_refused_since_it_cannot_be_followed(tree: "Tree") -> None:
    tree.write("functions/one/main.py", 'def path(name):\n    return f"ion_mentoring/cards/{name}.toml"\n')
    with pytest.raises(UserError, match=r"^functions/one/main.py:2: a data file has to be named by one literal"):
        tree.closure()


def test_other_f_strings_are_read_like_any_code(tree: "Tree") -> None:
    tree.write("shared/ion_mentoring/a.toml")
    tree.write("functions/one/main.py", 'x = f"" + f"{load(\'ion_mentoring/a.toml\')} and ion_mentoring/none.toml"\n')
    assert tree.data() == ["a.toml"]
