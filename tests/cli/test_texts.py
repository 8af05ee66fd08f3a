"""The words of the program, in both languages, on its pages as in its help; and what cleans and decodes others' words."""

import json
import re
import tomllib
from pathlib import Path

import pytest

import ion_cli
from infra.tables.cli_pages import GUIDES, manual
from infra.tables.pages import made_part
from ion_cli.decoding import decoded
from ion_cli.failure import Failure
from ion_cli.printable import printable, printable_json, printable_line

FOLDER = Path(ion_cli.__file__).parent
TEXTS = tomllib.loads((FOLDER / "texts.toml").read_text(encoding="utf-8"))
KOREAN = "회의에서 말을 꺼내기가 어려워요"


@pytest.mark.parametrize("language", GUIDES)
def test_the_page_is_the_help_of_the_program(language: str) -> None:
    assert made_part(GUIDES[language]) == manual(language)


def test_every_text_is_there_in_both_languages_with_the_same_slots() -> None:
    for table, entries in TEXTS.items():
        for name, text in entries.items():
            assert set(text) == {"ko", "en"}, (table, name)
            assert sorted(re.findall(r"{\w+}", text["ko"])) == sorted(re.findall(r"{\w+}", text["en"])), (table, name)
            assert re.search("[가-힣]", text["ko"]) or table in ("head", "usage"), (table, name)


def test_every_text_is_used() -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in FOLDER.rglob("*.py"))
    made = ("exit", "usage")  # their names are made of the names of classes and exit codes
    for table, entries in TEXTS.items():
        for name in entries:
            word = name.replace("-completion", "_completion") if table == "option" else name
            assert table in made or re.search(rf"""['"]({table}\.)?{re.escape(word)}['"]""", code), (table, name)


def test_cleaning_keeps_text_and_drops_what_steers() -> None:
    assert printable(f"{KOREAN}\t👍🏽 é\r\n") == f"{KOREAN}\t👍🏽 é\n"
    assert printable("a\x1b[31mb\x00\x85\u2066c\rd\x7f\ud800") == "a[31mbcd"
    assert printable_line("a\n b\x1b") == "a b"
    assert json.loads(printable_json({"a": "\x9b\x1b\u202e"})) == {"a": "\x9b\x1b\u202e"}
    assert printable_json("\x9b\x7f\u202e").isascii()


@pytest.mark.parametrize(
    ("sent", "encoding"),
    [
        (KOREAN.encode(), "utf-8"),
        (b"", "utf-8"),
        (KOREAN.encode("utf-8-sig"), "utf-8"),
        (KOREAN.encode("utf-16"), "utf-16-le"),
        (b"\xfe\xff" + KOREAN.encode("utf-16-be"), "utf-16-be"),
        (KOREAN.encode("cp949"), "cp949"),
    ],
)
def test_text_is_read_as_files_hold_it(sent: bytes, encoding: str) -> None:
    found = decoded(sent)
    assert found.text == (KOREAN if sent else "")
    assert found.encoding == encoding
    assert found.converted == (encoding != "utf-8")


@pytest.mark.parametrize(
    "sent", [b"\xff\xfeA", b"caf\xe9 cr\xe8me", bytes(range(128, 256)), "日本語の文章です".encode("shift_jis")]
)
def test_what_is_no_text_of_ours_is_refused(sent: bytes) -> None:
    with pytest.raises(Failure, match="UTF-8"):
        decoded(sent)
