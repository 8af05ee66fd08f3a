"""The page for people about what they write says the same in both languages, and the times of the table that the code obeys."""

import re
from pathlib import Path
from typing import Final

import pytest

from bench import privacy
from ion_mentoring.mentoring.privacy.kept import kept_table

DOCS: Final = Path(__file__).parents[2] / "docs"
PAGES: Final = {"en": DOCS / "privacy.md", "ko": DOCS / "privacy.ko.md"}
LINK: Final = re.compile(r"\]\(([^)#]+)(#[^)]*)?\)")


def text(language: str) -> str:
    return PAGES[language].read_text(encoding="utf-8")


def tables(language: str) -> list[int]:
    """The rows of each table."""
    return [len(found.splitlines()) for found in re.findall(r"(?:^\|.*\n)+", text(language), re.MULTILINE)]


def test_both_languages_have_the_same_tables_articles_and_endpoints() -> None:
    assert tables("en") == tables("ko")
    assert len(tables("en")) == 4
    for form in (r"제\d+조(?:의\d+)?", r"`(?:GET|PUT|DELETE) [^`]+`", r"\d{4}-\d\d-\d\d"):
        assert set(re.findall(form, text("en"))) == set(re.findall(form, text("ko")))


@pytest.mark.parametrize("language", PAGES)
def test_every_link_leads_somewhere(language: str) -> None:
    for target, anchor in LINK.findall(text(language)):
        file = DOCS / target
        assert file.exists(), target
        if anchor:
            heads = re.findall(r"^#+ (.+)$", file.read_text(encoding="utf-8"), re.MULTILINE)
            assert anchor[1:] in {re.sub(r"[^\w -]", "", head.lower()).replace(" ", "-") for head in heads}, anchor


def test_the_steps_after_a_breach_are_the_same_in_both_languages() -> None:
    english, korean = ((DOCS / f"runbooks/{name}").read_text(encoding="utf-8") for name in ("breach.md", "breach.ko.md"))
    for form in (r"`[^`]+`", r"제\d+조", r"^(?:\d\.|-) ", r"^## ", r"^\|", r"\]\((?!breach)[^)]+\)", r"CACHE_[A-Z_]+"):
        assert sorted(re.findall(form, english, re.MULTILINE)) == sorted(re.findall(form, korean, re.MULTILINE)), form
    hours = [re.findall(r"^\| (\d+) ?(?:hour|day|시간|일)", page, re.MULTILINE) for page in (english, korean)]
    assert hours == [["1", "4", "24", "72", "72", "30"]] * 2
    for page in (english, korean):
        assert all((DOCS / "runbooks" / target).exists() for target, _ in LINK.findall(page))


@pytest.mark.parametrize(
    ("kind", "said"), [("sessions", "30"), ("costs", "400"), ("backups", "28"), ("messages", "7"), ("audit", "731")]
)
def test_the_times_are_those_of_the_table(kind: str, said: str) -> None:
    (found,) = [one for one in kept_table().kind if one.id == kind]
    assert found.kept is not None
    assert str(found.kept.days) == said
    for language in PAGES:
        if kind != "audit":  # told as two years
            assert re.search(rf"\b{said} (?:days|일)|{said}일", text(language)), kind


def test_what_it_costs_is_what_the_program_prints() -> None:
    source = Path(privacy.__file__).read_text(encoding="utf-8")
    for name in ("sealing 1.5 KiB", "opening it", "a sentence with a phone number", "read sealed", "write plain"):
        assert name in source
        assert name in text("en")
