"""What a person reads is there in both languages, with the same slots."""

from string import Formatter

import pytest

from ion_mentoring import errors
from ion_mentoring.catalogue.texts import TEXTS, localized, preferred
from ion_mentoring.errors import MentoringError
from ion_mentoring.resources import paths, read_toml

ALL = read_toml(paths(TEXTS)[0])


@pytest.mark.parametrize("name", ALL)
def test_a_text_has_the_same_slots_in_both_languages(name: str) -> None:
    slots = [{slot for _, slot, _, _ in Formatter().parse(ALL[name][language]) if slot} for language in ("ko", "en")]
    if name != "prompt.language":  # the Korean one is for Korean alone
        assert slots[0] == slots[1]


def test_every_error_has_its_text() -> None:
    codes = {kind.code for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, MentoringError)}
    for code in codes:
        assert localized(f"error.{code}", "ko", field="x") != localized(f"error.{code}", "en", field="x")


@pytest.mark.parametrize(
    ("persona", "said"),
    [("루아", "루아가 계속"), ("민준", "민준이 계속"), ("‘리리’", "‘리리’가 계속"), ("Lua", "Lua이(가) 계속")],
)
def test_a_korean_particle_fits_the_sound_before_it(persona: str, said: str) -> None:
    assert said in localized("routing.stays", "ko", persona=persona)


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "en"),
        ("ko", "ko"),
        ("ko-KR,ko;q=0.9,en;q=0.8", "ko"),
        ("en;q=0.5, ko;q=0.9", "ko"),
        ("fr, de;q=0.9", "en"),
        ("fr, ko;q=0.1", "ko"),
        ("en, ko", "en"),
        ("ko;q=high, en;q=0.2", "en"),
        ("ko;q=0, en;q=0.1", "en"),
        ("en;q=0.1, ko ; q=0.2", "ko"),
        ("KO;Q=1.000", "ko"),
        ("ko;q=²", "en"),
        ("ko;q=٣", "en"),
        ("ko;q=", "en"),
        ("ko;q=.", "en"),
        ("ko;q=1e999", "en"),
        ("ko;q=nan, en;q=0.1", "en"),
        ("ko;q=" + "9" * 5_000, "en"),
        ("ｋｏ", "en"),
        (",;q=,=", "en"),
    ],
)
def test_the_first_language_of_ours_is_taken(header: str, language: str) -> None:
    assert preferred(header) == language
