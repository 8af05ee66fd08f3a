"""Which pins a bundle takes along."""

from typing import TYPE_CHECKING

import pytest

from infra.bundling.pins import needed
from infra.user_error import UserError
from tests.infra.conftest import HASH

if TYPE_CHECKING:
    from tests.infra.conftest import Tree

SERVER = ("functions-framework==1.0", "httptools==1.0", "uvloop==1.0")


def required(tree: "Tree", source: str = "") -> tuple[str, ...]:
    """The pins of a function with this source, without those of the server."""
    tree.write("functions/one/main.py", source)
    pins = needed(tree.closure().foreign, tree.pins, tree.installed)
    return tuple(str(pin) for pin in pins if str(pin) not in SERVER)


def test_the_platforms_server_is_always_there(tree: "Tree") -> None:
    assert tuple(map(str, needed((), tree.pins, tree.installed))) == SERVER


def test_only_what_is_imported_is_taken(tree: "Tree") -> None:
    for name in ("used", "unused"):
        tree.install(name, files=(f"{name}/__init__.py",))
    tree.pin("used==1.0", "unused==1.0")
    assert required(tree, "import used\n") == ("used==1.0",)


def test_a_distribution_is_found_by_its_files_whatever_its_name(tree: "Tree") -> None:
    tree.install("PyJWT", files=("jwt/__init__.py", "jwt/api.py", "../../bin/jwt.py"))
    tree.pin("PyJWT==1.0")
    assert required(tree, "from jwt.api import decode\n") == ("pyjwt==1.0",)


@pytest.mark.parametrize("file", ["fast.py", "fast.abi3.so", "fast/__init__.py", "fast/speed.py"])
def test_a_module_may_be_a_file_an_extension_or_a_package(tree: "Tree", file: str) -> None:
    tree.install("quick", files=(file,))
    tree.pin("quick==1.0")
    assert required(tree, "from fast.speed import run\n") == ("quick==1.0",)


def test_a_namespace_package_is_told_apart_by_the_module_within(tree: "Tree") -> None:
    tree.install("google-one", files=("google/cloud/one/__init__.py",))
    tree.install("google-two", files=("google/cloud/two/__init__.py", "google/cloud/two_v1/__init__.py"))
    tree.pin("google-one==1.0", "google-two==1.0")
    assert required(tree, "from google.cloud.two import Client\n") == ("google-two==1.0",)
    assert required(tree, "from google.cloud import one\n") == ("google-one==1.0",)


def test_of_two_distributions_with_the_same_module_the_pinned_one_is_taken(tree: "Tree") -> None:
    tree.install("a-fork", files=("thing/__init__.py",))
    tree.install("the-one", files=("thing/__init__.py",))
    tree.pin("the-one==1.0")
    assert required(tree, "import thing\n") == ("the-one==1.0",)


def test_an_import_that_nothing_installed_has_is_refused_with_file_and_line(tree: "Tree") -> None:
    with pytest.raises(UserError, match=r"^functions/one/main.py:2: no installed distribution has the module lua_sibling"):
        required(tree, "\nimport lua_sibling\n")


def test_a_namespace_alone_is_nobodys_module(tree: "Tree") -> None:
    tree.install("google-one", files=("google/cloud/one/__init__.py",))
    with pytest.raises(UserError, match="no installed distribution has the module google"):
        required(tree, "import google.cloud\n")


def test_requirements_are_followed_to_their_end_through_cycles(tree: "Tree") -> None:
    tree.install("a", files=("a.py",), requires=("B_b>=1",))
    tree.install("b-b", requires=("c",))
    tree.install("c", requires=("a",))
    tree.pin("a==1.0", "B.b==1.0", "c==1.0")
    assert required(tree, "import a\n") == ("a==1.0", "b-b==1.0", "c==1.0")


def test_markers_are_read_for_the_platform_and_not_for_this_machine(tree: "Tree") -> None:
    markers = {
        "linux": "sys_platform == 'linux'",
        "mac": "sys_platform == 'darwin'",
        "windows": "os_name == 'nt' or platform_system == 'Windows'",
        "old": "python_version < '3.13' or python_full_version < '3.13.3'",
        "new": "python_version >= '3.14'",
        "arm": "platform_machine == 'aarch64'",
        "cpython": "platform_python_implementation == 'CPython' and implementation_name == 'cpython'",
        "extra": "extra == 'more'",
    }
    tree.install("a", files=("a.py",), requires=tuple(f"{name}; {marker}" for name, marker in markers.items()))
    for name in ("linux", "cpython"):
        tree.install(name)
    tree.pin("a==1.0", *(f"{name}==1.0" for name in markers))
    assert required(tree, "import a\n") == ("a==1.0", "cpython==1.0", "linux==1.0")


def test_extras_are_followed_where_they_are_asked_for(tree: "Tree") -> None:
    tree.install("a", files=("a.py",), requires=("b[fast]", "b"))
    tree.install("b", requires=("fast-parser; extra == 'fast'", "slow-parser; extra == 'slow'"))
    tree.install("fast-parser")
    tree.pin("a==1.0", "b==1.0", "fast-parser==1.0", "slow-parser==1.0")
    assert required(tree, "import a\n") == ("a==1.0", "b==1.0", "fast-parser==1.0")


def test_the_servers_own_requirements_are_followed(tree: "Tree") -> None:
    tree.install("functions_framework", "2.0", requires=("starlette[full]",))
    tree.install("starlette", requires=("templates; extra == 'full'",))
    tree.install("templates")
    (tree.site / "functions-framework-1.0.dist-info").rename(tree.site / "elsewhere")
    pins = ("functions-framework==2.0", "httptools==1.0", "uvloop==1.0", "starlette==1.0", "templates==1.0")
    tree.lock(*(f"{pin} {HASH}" for pin in pins))
    assert required(tree)[0::2] == ("functions-framework==2.0", "templates==1.0")


def test_a_needed_distribution_without_a_pin_is_refused_by_name_with_who_needs_it(tree: "Tree") -> None:
    tree.install("a", files=("a.py",), requires=("b",))
    tree.install("b")
    with pytest.raises(UserError, match=r"a has no pin, and is needed by import a \(functions/one/main.py:1\)"):
        required(tree, "import a\n")
    tree.pin("a==1.0")
    with pytest.raises(UserError, match=r"requirements.txt: b has no pin, and is needed by a$"):
        required(tree, "import a\n")


def test_a_pin_of_another_version_than_the_one_read_here_is_refused(tree: "Tree") -> None:
    tree.install("a", "1.1", files=("a.py",), requires=("b",))
    tree.pin("a==1.0", "b==1.0")
    with pytest.raises(UserError, match=r"a is pinned to 1.0, but 1.1 is installed here"):
        required(tree, "import a\n")
    tree.pin("a==1.1", "b==1.0")
    with pytest.raises(UserError, match=r"b is pinned to 1.0, but it is not installed here"):
        required(tree, "import a\n")
