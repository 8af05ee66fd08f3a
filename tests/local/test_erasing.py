"""`make erase-again`, as an operator runs it."""

from pathlib import Path

import pytest

from ion_mentoring.local import erasing


def test_an_empty_list_is_gone_through_and_a_store_that_is_away_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr("sys.stdin", None)
    monkeypatch.setenv("STORE", f"sqlite:///{tmp_path}/ion.sqlite3")
    assert erasing.main([]) == 0
    assert capsys.readouterr().out == "gone through: 0 erasures\nerased again: 0 records\n"
    assert erasing.main(["--list", f"sqlite:///{tmp_path}/other.sqlite3"]) == 0
    (tmp_path / "folder.erasures").mkdir()
    assert erasing.main(["--list", f"sqlite:///{tmp_path}/folder"]) == 1
    assert "unable to open" in capsys.readouterr().err
