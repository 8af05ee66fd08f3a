"""The glossary explains every public class of the rooms that are read first, in both languages alike."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LIBRARY = ROOT / "shared/ion_mentoring"
ROOMS = ("mentoring", "caching", "personas")
FILES = {"en": ROOT / "docs/glossary.md", "ko": ROOT / "docs/glossary.ko.md"}
PAGES = {language: path.read_text(encoding="utf-8") for language, path in FILES.items()}


@cache
def classes(room: Path) -> list[str]:
    nodes = [node for path in sorted(room.rglob("*.py")) for node in ast.parse(path.read_text(encoding="utf-8")).body]
    return [node.name for node in nodes if isinstance(node, ast.ClassDef) and not node.name.startswith("_")]


def rows(language: str) -> list[list[str]]:
    """The cells of all tables, without their heads."""
    tables = PAGES[language].split("| --- | --- | --- |\n")[1:]
    lines = [line for table in tables for line in table.split("\n\n")[0].splitlines()]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def words(language: str) -> list[list[str]]:
    return [row for row in rows(language) if row[0] not in ROOMS]


def quoted(text: str) -> list[str]:
    return re.findall(r"`([^`]+)`", text)


@pytest.mark.parametrize("language", PAGES)
@pytest.mark.parametrize("room", ROOMS)
def test_every_public_class_is_named(language: str, room: str) -> None:
    named = classes(LIBRARY / room)
    assert len(named) > 8
    assert [name for name in named if name not in quoted(PAGES[language])] == []


@pytest.mark.parametrize("language", PAGES)
def test_the_second_table_puts_each_class_in_its_own_room(language: str) -> None:
    placed = [row for row in rows(language) if row[0] in ROOMS]
    assert placed
    assert [row for row in placed if quoted(row[1])[0] not in classes(LIBRARY / row[0])] == []


@pytest.mark.parametrize("language", PAGES)
def test_every_word_has_one_sentence_and_a_place_that_exists(language: str) -> None:
    everything = "\n".join(path.read_text(encoding="utf-8") for path in LIBRARY.rglob("*.py"))
    for word, sentence, where in words(language):
        assert sentence.endswith("."), word
        assert sentence.count(". ") == 0, word
        assert quoted(where), word
        for name in quoted(where):
            defined = re.search(rf"^(class {name}\b|{name} = )", everything, re.MULTILINE)
            assert defined or (LIBRARY / name).exists() or (ROOT / name).exists(), name


def test_both_languages_have_the_same_words_and_names() -> None:
    english, korean = ([(row[0].split(" (")[0], quoted(" ".join(row))) for row in rows(language)] for language in PAGES)
    assert english == korean
    assert len(words("en")) >= 40
