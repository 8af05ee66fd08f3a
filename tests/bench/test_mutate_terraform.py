"""The table of seeded mistakes is one that can be made."""

from pathlib import Path

import pytest

from bench.mutate_terraform import CONFIGURATION, ROOT, Mistake, mistakes


def test_each_mistake_can_still_be_made() -> None:
    table = mistakes()
    assert len(table) >= 60
    assert len({one.name for one in table}) == len(table)
    gone = [one.name for one in table if one.before not in (ROOT / CONFIGURATION / one.file).read_text(encoding="utf-8")]
    assert gone == []
    assert all(one.before != one.after and one.hurts for one in table)


def test_a_mistake_is_made_once_and_only_where_it_is_said(tmp_path: Path) -> None:
    (tmp_path / CONFIGURATION).mkdir(parents=True)
    (tmp_path / CONFIGURATION / "main.tf").write_text("a = 1\nb = 1\n")
    Mistake("other", "main.tf", "= 1", "= 2", "for a test").make(tmp_path)
    assert (tmp_path / CONFIGURATION / "main.tf").read_text() == "a = 2\nb = 1\n"
    with pytest.raises(ValueError, match="no '= 3' to replace"):
        Mistake("gone", "main.tf", "= 3", "= 4", "for a test").make(tmp_path)
