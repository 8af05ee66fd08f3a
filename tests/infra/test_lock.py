"""The reading of the lock, and the locks that are refused."""

from typing import TYPE_CHECKING

import pytest

from infra.user_error import UserError
from tests.infra.conftest import HASH

if TYPE_CHECKING:
    from tests.infra.conftest import Tree

ONE, TWO = f"sha256:{'1' * 64}", f"sha256:{'2' * 64}"


def test_a_pin_is_read_with_its_hashes_and_written_as_pip_reads_it(tree: "Tree") -> None:
    lines = f"a-b==1.0 \\\n    --hash={ONE} \\\n    --hash={TWO}"
    tree.lock("# by a tool", lines, "    # via", "    #   c", f"c==2.0 --hash={ONE}")
    assert {name: str(pin) for name, pin in tree.pins.items()} == {"a-b": "a-b==1.0", "c": "c==2.0"}
    assert tree.pins["a-b"].hashes == (ONE, TWO)
    assert tree.pins["a-b"].lines == lines + "\n"


def test_comments_spelling_and_the_order_of_hashes_do_not_matter(tree: "Tree") -> None:
    tree.lock("# a comment", "", f"A.B == 1.0 --hash={TWO} --hash={ONE}  # why")
    assert tree.pins["a-b"].lines == f"a-b==1.0 \\\n    --hash={ONE} \\\n    --hash={TWO}\n"


def test_a_pin_for_other_platforms_is_none_of_ours(tree: "Tree") -> None:
    tree.lock(
        f"a==1.0 ; sys_platform == 'linux' {HASH}",
        f"a==2.0 ; sys_platform == 'win32' {HASH}",
        f"b==1.0 ; python_full_version < '3.11.3' {HASH}",
    )
    assert [str(pin) for pin in tree.pins.values()] == ["a==1.0"]


@pytest.mark.parametrize("line", ["a", "a>=1", "a==1.*", "a==1,<2", "a[x]==1", "a @ https://x.example/a.whl"])
def test_a_line_that_is_no_exact_pin_is_refused_with_its_number(tree: "Tree", line: str) -> None:
    tree.pin(line)
    with pytest.raises(UserError, match=r"^requirements.txt:4: .* is no exact pin"):
        _ = tree.pins


def test_a_pin_without_hash_is_refused_since_pip_takes_all_or_none(tree: "Tree") -> None:
    tree.lock(f"b==1 \\\n    {HASH}", "a==1")
    with pytest.raises(UserError, match=r"^requirements.txt:3: 'a==1' has no hash"):
        _ = tree.pins


def test_a_line_that_is_no_requirement_or_a_second_pin_is_refused(tree: "Tree") -> None:
    tree.lock("-r other.txt")
    with pytest.raises(UserError, match=r"^requirements.txt:1: '-r other.txt' is no requirement"):
        _ = tree.pins
    tree.pin("a==1", "A==2")
    with pytest.raises(UserError, match=r"^requirements.txt:5: a is pinned twice"):
        _ = tree.pins
