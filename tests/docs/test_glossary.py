"""The glossary has every public class of the rooms that are read first, in both languages."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("mentoring", "caching", "personas")
ENDS = {"en": "", "ko": ".ko"}
PAGES = {language: (ROOT / f"docs/glossary{end}.md").read_text(encoding="utf-8") for language, end in ENDS.items()}


def classes() -> list[str]:
    files = [path for room in ROOMS for path in sorted((ROOT / "shared/ion_mentoring" / room).rglob("*.py"))]
    nodes = [node for path in files for node in ast.parse(path.read_text(encoding="utf-8")).body]
    return [node.name for node in nodes if isinstance(node, ast.ClassDef) and not node.name.startswith("_")]


@pytest.mark.parametrize("language", PAGES)
def test_every_public_class_is_explained(language: str) -> None:
    named = classes()
    assert len(named) > 50
    assert [name for name in named if f"`{name}`" not in PAGES[language]] == []


@pytest.mark.parametrize("language", PAGES)
def test_no_class_is_explained_that_is_gone(language: str) -> None:
    everywhere = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "shared/ion_mentoring").rglob("*.py"))
    names = set(re.findall(r"`([A-Z]\w+)`", PAGES[language]))
    assert [name for name in sorted(names) if not re.search(rf"^(class )?{name}\b", everywhere, re.MULTILINE)] == []


def test_both_languages_have_the_same_words() -> None:
    words = [[line.split("|")[1].strip() for line in page.splitlines() if line.startswith("| ")] for page in PAGES.values()]
    english, korean = ([word for word in one if word not in ("word", "말", "room", "방", "---")] for one in words)
    assert english == korean
    assert len(english) > 80
