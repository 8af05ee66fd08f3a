"""The report is one whole file, and says what the gate said."""

from html.parser import HTMLParser
from pathlib import Path

import pytest

from loadtests.progress import line
from loadtests.recording import Recorder
from loadtests.report import main, page
from loadtests.scenario import read
from loadtests.verdict import Verdict
from tests.loadtests.records import record


class Tags(HTMLParser):
    """The tags, and every address that a page would load."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.loads: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.loads += [value or "" for name, value in attrs if name in ("src", "href", "xlink:href", "action")]


def test_it_has_a_table_and_plots_and_loads_nothing(tmp_path: Path) -> None:
    made = page(read("light"), record(tmp_path, {"process": [10.0, 20.0, 400.0] * 20}), ["note    all is well"])
    tags = Tags(made)
    assert tags.tags.count("svg") >= 6
    assert tags.tags.count("tr") == 4
    assert (tags.loads, "script" in tags.tags, "http" in made) == ([], False, False)
    assert "The gate says yes" in made
    assert "Lua" in made


def test_what_broke_and_what_was_wrong_is_in_it_and_never_as_markup(tmp_path: Path) -> None:
    bad = record(tmp_path, {"process": [10.0] * 20}, Verdict("a body of <script> shape"))
    made = page(read("light"), bad, ["BROKEN  process: <b>20</b>"])
    assert "The gate says no." in made
    assert "a body of &lt;script&gt; shape" in made
    assert "<b>" not in made
    assert "nothing was measured" in made


def test_it_is_made_again_from_a_record(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    record(tmp_path, {"process": [900.0] * 100})
    out = tmp_path / "report.html"
    assert main([str(tmp_path / "made.json"), "--out", str(out)]) == 0
    assert "process: P95 was 900 ms" in out.read_text(encoding="utf-8")
    assert main([str(tmp_path / "missing.json"), "--out", str(out)]) == 2
    assert "missing.json" in capsys.readouterr().err


def test_the_line_of_progress_says_how_far_it_is() -> None:
    said = " ".join(line(Recorder(), 0.0, 120.0).split())
    assert said == "0 of 120 s 0 users 0.0 requests/s P95 - ms 0 errors 0 refused 0 degraded"
