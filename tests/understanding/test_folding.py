"""A text is laid flat in a time and to a length that its own length bounds, and nothing that people write is lost."""

import re
import time
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import ion_mentoring
from ion_mentoring.understanding.folding import MARKS, compatible, stream_safe, visible

BEGINS_WITH_A_MARK = [
    chr(code)
    for code in range(0x110000)
    if not 0xD800 <= code < 0xE000 and unicodedata.combining(unicodedata.normalize("NFKD", chr(code))[0])
]
WRITTEN = """
금요일에 면접이 있는데 어떻게 준비해야 할지 모르겠어요
Tiếng Việt có nhiều dấu
בְּרֵאשִׁית בָּרָא אֱלֹהִים
بِسْمِ ٱللَّٰهِ ٱلرَّحْمَٰنِ
ที่นี่มีปัญหา
क्षत्रिय और संस्कृत
བོད་ཡིག་གི་ཤོག་ངོས
y̶o̶u̶ ̶c̶a̶n̶ strike this out
👩‍👩‍👧‍👦 🇰🇷 ❤️‍🔥
""".strip().splitlines()


def runs(text: str) -> list[int]:
    """How many marks stand in a row, wherever some do, once a text is taken apart."""
    apart = unicodedata.normalize("NFKD", text)
    return [len(run) for run in re.findall("1+", "".join("1" if unicodedata.combining(char) else "0" for char in apart))]


@pytest.mark.parametrize("written", WRITTEN)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_what_people_write_is_left_as_it_is(written: str, form: str) -> None:
    text = unicodedata.normalize(form, written)  # type: ignore[arg-type]
    assert stream_safe(text) == text


def test_every_mark_of_unicode_is_cut_at_thirty_in_a_row() -> None:
    assert len(BEGINS_WITH_A_MARK) > 900
    for mark in BEGINS_WITH_A_MARK:
        assert stream_safe(f"a{mark * 40}b") == f"a{mark * MARKS}b"


def test_thirty_marks_stay_and_each_run_counts_by_itself() -> None:
    assert stream_safe("a" + "\u0301" * 30) == "a" + "\u0301" * 30
    assert stream_safe(("가" + "\u0316\uff9e" * 20) * 3) == ("가" + "\u0316\uff9e" * 15) * 3
    assert stream_safe("\u0301" * 4_000) == "\u0301" * 30


def test_signs_that_are_no_marks_stay_however_many_there_are() -> None:
    assert stream_safe("😀" * 100 + "…" * 100 + "\u200d" * 100) == "😀" * 100 + "…" * 100 + "\u200d" * 100


@given(st.text(st.one_of(st.sampled_from(BEGINS_WITH_A_MARK), st.sampled_from("aé가\u200d 1")), max_size=300))
def test_whatever_is_sent_a_run_is_short_and_cutting_once_is_enough(text: str) -> None:
    safe = stream_safe(text)
    assert max(runs(safe), default=0) <= 4 * (MARKS + 1)  # a character may be up to four marks
    assert stream_safe(safe) == safe
    assert max(runs(stream_safe(unicodedata.normalize("NFC", safe))), default=0) <= 4 * (MARKS + 1)


def test_no_character_becomes_more_than_four() -> None:
    assert max(len(visible(chr(code))) for code in range(0x110000) if not 0xD800 <= code < 0xE000) <= 4


def test_words_in_other_forms_are_still_read() -> None:
    assert visible("Ｉ ｗａｎｔ ｔｏ ｄｉｅ") == "i want to die"
    assert visible("𝕙𝕖𝕝𝕡") == "help"
    assert visible("d\u0336i\u0336e\u0336") == "die"
    assert compatible("０１０－１２３４") == "010-1234"


@pytest.mark.parametrize("text", ["a" + "\u0301\u0316" * 2_000, "\uff9e\u0334" * 2_000, ("a" + "\u0301\u0316" * 15) * 129])
def test_the_worst_marks_take_no_longer_than_other_texts(text: str) -> None:
    def took(sent: str) -> float:
        began = time.process_time()
        visible(sent)
        return time.process_time() - began

    assert min(took(text) for _ in range(5)) < 0.009  # 12 to 15 ms before they were cut


def test_whoever_normalises_a_text_makes_it_stream_safe_first() -> None:
    rooms = Path(ion_mentoring.__file__).parent
    for file in rooms.rglob("*.py"):
        code = file.read_text(encoding="utf-8")
        assert "unicodedata.normalize(" not in code or "stream_safe(" in code or " visible(" in code, file
