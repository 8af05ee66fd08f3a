"""The guide to migration says in both languages what its programs do."""

import re
import shlex
from pathlib import Path

import pytest

from migration.comparing.deviations import read_deviations
from migration.rewriting.names import ATTRIBUTES, FUNCTIONS, OF_A_BUILDER, OF_A_ROUTE, WITHOUT_EQUAL
from migration.rewriting.rewrite import Program
from migration.running.program import _parser

ROOT = Path(__file__).resolve().parents[2]
PAGES = {"en": ROOT / "docs/migration.md", "ko": ROOT / "docs/migration.ko.md"}
TEXTS = {language: path.read_text(encoding="utf-8") for language, path in PAGES.items()}


def quoted(text: str) -> list[str]:
    return re.findall(r"`([^`\n]+)`", text)


def fenced(text: str) -> list[str]:
    return re.findall(r"^```.*?^```", text, re.MULTILINE | re.DOTALL)


def last_table(text: str) -> str:
    return text.rpartition("| --- | --- | --- |\n")[2].partition("\n\n")[0]


def test_both_languages_have_the_same_commands_and_names() -> None:
    assert fenced(TEXTS["en"]) == fenced(TEXTS["ko"])
    assert sorted(quoted(TEXTS["en"])) == sorted(quoted(TEXTS["ko"]))
    assert TEXTS["en"].count("\n## ") == TEXTS["ko"].count("\n## ")


@pytest.mark.parametrize("language", PAGES)
def test_every_deviation_is_told(language: str) -> None:
    told = {name for row in last_table(TEXTS[language]).splitlines() for name in row.split("|")[1].strip().split(", ")}
    assert told == {deviation.name for deviation in read_deviations()}


@pytest.mark.parametrize("language", PAGES)
def test_every_old_name_is_told(language: str) -> None:
    for name in (
        *OF_A_ROUTE,
        *ATTRIBUTES,
        *OF_A_BUILDER,
        *FUNCTIONS,
        *WITHOUT_EQUAL - {"_cache", "migrate_to_new_api", "get_deprecation_warning"},
    ):
        assert name in TEXTS[language]


@pytest.mark.parametrize("language", PAGES)
def test_every_command_of_the_migration_can_be_given(language: str) -> None:
    given = [line for block in fenced(TEXTS[language]) for line in block.splitlines() if "migrate_persona_imports.py" in line]
    assert len(given) == 3
    for line in given:
        _parser().parse_args(shlex.split(line)[2:])


def test_a_call_becomes_what_the_table_says() -> None:
    rows = [row for row in TEXTS["en"].splitlines() if row.startswith("| `p.get_") and "," not in row.split("|")[1]]
    assert len(rows) == 2
    for row in rows:
        before, after = quoted(row)
        program = "from persona_system import PersonaPipeline\np = PersonaPipeline()\nx = {}\n"
        assert f"x = {after}\n" in Program(program.format(before)).rewritten().text
