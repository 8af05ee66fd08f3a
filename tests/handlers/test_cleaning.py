"""A text is one form of Unicode from the door on, and its words stay apart."""

import json
import time
import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ion_mentoring.errors import InvalidJson
from ion_mentoring.handlers.contract.requests import TEXT_LIMIT, ProcessRequest
from ion_mentoring.handlers.web.cleaning import cleaned, composed
from ion_mentoring.handlers.web.validation import parse

NEWLINES = ["\r", "\r\n", "\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029"]
CONTROLS = [chr(code) for code in (*range(0x20), *range(0x7F, 0xA0)) if chr(code) not in "\n\t\r\x0b\x0c\x1c\x1d\x1e\x85"]


def clean(text: str) -> str:
    return cleaned(text, TEXT_LIMIT)


def asked(**sent: Any) -> ProcessRequest:
    return parse(ProcessRequest, json.dumps({"user_input": "a", **sent}).encode())


@pytest.mark.parametrize("end", NEWLINES)
def test_what_ends_a_line_becomes_one_newline(end: str) -> None:
    assert clean(f"one{end}two{end}{end}three") == "one\ntwo\n\nthree"


@pytest.mark.parametrize("control", CONTROLS)
def test_any_other_control_character_becomes_a_space(control: str) -> None:
    assert clean(f"{control}one{control}two{control}{control}three{control}") == "one two three"


@pytest.mark.parametrize(
    "text", ["a\tb", "a\nb", "a\u200bb\u200dc", "👩\u200d👩", "\u202ereversed", "می\u200cخواهم", "a\u00a0b", "e\u0331"]
)
def test_what_says_something_stays(text: str) -> None:
    assert clean(text) == text


def test_a_byte_order_mark_at_the_beginning_vanishes() -> None:
    assert clean("\ufeff  hello ") == "hello"


@given(st.text(max_size=60), st.sampled_from([*NEWLINES, *CONTROLS, " ", "\n"]), st.text(max_size=60))
def test_cleaning_never_joins_what_stood_apart(before: str, between: str, after: str) -> None:
    first, second = f"{before}x", f"y{after}"
    kept = clean(first + between + second)
    assert kept.split() == clean(first).split() + clean(second).split()
    assert clean(kept) == kept, "once is enough"
    assert unicodedata.is_normalized("NFC", kept)


def test_length_is_counted_as_people_see_it() -> None:
    text = "가각" * 2_000
    assert asked(user_input=unicodedata.normalize("NFD", text)).user_input == text


def test_history_and_names_are_composed_as_the_text_is() -> None:
    said = unicodedata.normalize("NFD", "떨어졌어요")
    sent = asked(persona=unicodedata.normalize("NFD", "루아"), context={"message_history": [{"role": "user", "content": said}]})
    assert sent.persona == "루아"
    assert [message.content for message in sent.context.message_history] == ["떨어졌어요"]


def test_an_empty_message_is_dropped_from_the_history_and_the_rest_stays() -> None:
    contents = ["first", "", " \r\n ", "\u200b", "\x00", "last\rline"]
    history = [{"role": "assistant", "content": content} for content in contents]
    sent = asked(context={"message_history": history})
    assert [message.content for message in sent.context.message_history] == ["first", "last\nline"]


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        (rb"I am stuck \ud83d", "I am stuck \ufffd"),
        (rb"\uDE00 rest", "\ufffd rest"),
        (rb"a\uD83Db", "a\ufffdb"),
        (rb"\ud83d\ud83d\ude00", "\ufffd😀"),
        (rb"\ude00\ud83d", "\ufffd\ufffd"),
        (rb"\ud83d\ude00", "😀"),
        (rb"\ud83d\n\ude00", "\ufffd\n\ufffd"),
        (rb"\\ud83d", r"\ud83d"),
        (rb"\\\ud83d", "\\\ufffd"),
        (rb"\"\ud83d\"", '"\ufffd"'),
    ],
)
def test_half_an_emoji_is_replaced_where_it_stands(sent: bytes, read: str) -> None:
    assert parse(ProcessRequest, b'{"user_input": "%b"}' % sent).user_input == read


def test_half_an_emoji_spoils_nothing_beside_it() -> None:
    body = rb'{"user_input": "a", "context": {"metadata": {"\ud83d": "\udc00", "b": "\ud83d\ude00"}}}'
    assert parse(ProcessRequest, body).context.metadata == {"\ufffd": "\ufffd", "b": "😀"}


@pytest.mark.parametrize(
    "body", [rb'{"user_input": "\ud8"}', rb'{"user_input": \ud83d}', b'{"user_input": "\xed\xa0\xbd"}', b"\\"]
)
def test_what_is_no_json_is_none_with_half_an_emoji_either(body: bytes) -> None:
    with pytest.raises(InvalidJson):
        parse(ProcessRequest, body)


@given(st.text(st.characters(), max_size=40))
def test_any_text_of_utf_16_is_read_as_its_decoder_reads_it(text: str) -> None:
    """What a browser sends of any string, half pairs included."""
    sent = parse(ProcessRequest, json.dumps({"user_input": f"x{text}x"}).encode()).user_input
    assert sent == clean(f"x{text.encode('utf-16', 'surrogatepass').decode('utf-16', 'replace')}x")


@pytest.mark.parametrize("size", [15_000, 1_000_000])
@pytest.mark.parametrize("piece", ["\u0301\u0316", "\u1105\u116e\u11ab", "e\u0301", "\x00a", "\r", "\uff9e"])
def test_the_worst_of_a_mebibyte_is_cleaned_at_once(piece: str, size: int) -> None:
    began = time.process_time()
    cleaned("a" + piece * (size // len(piece)), TEXT_LIMIT)
    assert time.process_time() - began < 1


def test_marks_without_end_are_cut_before_they_are_put_in_order() -> None:
    assert len(composed("a" + "\u0316\u0301" * 1_000)) <= 31
