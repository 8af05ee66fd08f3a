"""The console is light, can be read, is labelled, and says everything in both languages."""

import json
import re
from itertools import product

import pytest

from tests.console import report
from tests.console.report import BUILT, CONSOLE, FIRST_VIEW, SOURCES, WHOLE, buttons, code_files, packed, ratios, shown_first


def test_the_first_view_weighs_at_most_40_kilobytes() -> None:
    assert sum(map(packed, shown_first())) <= FIRST_VIEW
    assert sum(map(packed, code_files())) <= WHOLE


def test_the_report_says_size_requests_time_contrast_and_labels(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(report, "first_visits", lambda: (700.0, 1_000.0))
    report.main()
    told = capsys.readouterr().out
    for found in (
        r"[\d,]+ bytes over the wire in \d requests",
        r"700 ms until one can type",
        r"1,000 ms until everything works \(time to interactive\)",
        r"\d\.\d the least contrast, light",
        r"(\d+) of \1 buttons have words or a label",
    ):
        assert re.search(found, told), found
    assert "nobody measured" in report.soon(None)[0]


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_every_colour_can_be_read_on_what_it_stands_on(scheme: int) -> None:
    assert not [pair for pair in ratios(scheme) if pair[3] < pair[2]]


@pytest.mark.parametrize("name", ["console.md", "console.ko.md"])
def test_the_documents_name_every_variable_of_the_theme_and_no_other(name: str) -> None:
    page = (CONSOLE.parent / "docs" / name).read_text(encoding="utf-8")
    theme = (SOURCES / "style/theme.css").read_text(encoding="utf-8")
    rows = "".join(re.findall(r"^\| (`--.*?) \|", page, re.MULTILINE))
    told = re.findall(r"`(--[\w-]+)`", rows)
    assert sorted(told) == sorted({variable for variable in re.findall(r"(--[\w-]+):", theme) if variable != "--own"})


@pytest.mark.parametrize("name", ["console.md", "console.ko.md"])
def test_the_documents_name_what_an_address_sets_and_no_other(name: str) -> None:
    page = (CONSOLE.parent / "docs" / name).read_text(encoding="utf-8")
    code = "".join(path.read_text(encoding="utf-8") for path in SOURCES.rglob("*.ts*"))
    read = set(re.findall(r"(?:fromAddress|setting)(?:<[^>]+>)?\(\"(\w+)\"", code))
    assert set(re.findall(r"^\| ([a-z]+) \|", page, re.MULTILINE)) == read


def test_every_control_without_words_has_a_label() -> None:
    assert len(buttons()) > 20
    assert [name for name, labelled in buttons() if not labelled] == []


def texts(language: str) -> dict[str, str]:
    words = "".join((SOURCES / f"words/{folder}{language}.ts").read_text(encoding="utf-8") for folder in ("", "later/"))
    return dict(re.findall(r'^  "([\w.]+)": "((?:[^"\\]|\\.)*)",$', words, re.MULTILINE))


def test_every_text_is_there_in_both_languages_with_the_same_slots() -> None:
    korean, english = texts("ko"), texts("en")
    assert korean.keys() == english.keys()
    assert len(korean) > 100
    for name in korean:
        slots = [sorted(re.findall(r"\{(\w+)\}", texts[name])) for texts in (korean, english)]
        assert slots[0] == slots[1], name
    untranslated = [name for name in korean if korean[name] == english[name] and not name.startswith("app.name")]
    assert not untranslated


def test_no_text_lies_there_that_nobody_shows() -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in SOURCES.rglob("*.ts*") if "words" not in path.parts) + (
        CONSOLE / "build.mjs"
    ).read_text(encoding="utf-8")
    made = {
        f"{room}.{part}"
        for room, part in product(("trouble", "rate", "why", "kept", "sign", "unheard"), re.findall(r"\w+", code))
    }
    unused = [name for name in texts("ko") if f'"{name}"' not in code and name not in made]
    assert not unused


def test_no_style_looks_into_what_grows() -> None:
    """`:has` over the conversation doubled the longest task while an answer grows below 200 messages."""
    assert not [path.name for path in SOURCES.rglob("*.css") if ":has(" in path.read_text(encoding="utf-8")]


def test_no_markup_is_made_of_text() -> None:
    forbidden = re.compile(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|dangerouslySetInnerHTML|\beval\(|new Function|style="
    )
    for path in (*SOURCES.rglob("*.ts"), *SOURCES.rglob("*.tsx")):
        assert not forbidden.search(path.read_text(encoding="utf-8")), path.name


def test_the_licences_of_all_that_is_shipped_are_told() -> None:
    packages = json.loads((CONSOLE / "package.json").read_text(encoding="utf-8"))["dependencies"]
    told = (BUILT / "assets/licences.txt").read_text(encoding="utf-8")
    assert all(f"\n{name} " in told for name in packages)
