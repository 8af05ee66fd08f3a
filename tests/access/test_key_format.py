"""A key has a form that scanners know, and a mistyped one is none."""

import random
import re
import zlib

from ion_mentoring.access.key_format import ALPHABET, id_of, new_id, new_secret


def test_a_new_key_has_its_form_and_its_id() -> None:
    identity = new_id()
    key = new_secret(identity)
    assert re.fullmatch(r"ion_[0-9A-Za-z]{12}_[0-9A-Za-z]{49}", key)
    assert id_of(key) == identity
    assert len({new_secret(identity) for _ in range(100)}) == 100


def test_the_checksum_is_the_crc_32_of_what_stands_before_it_in_base_62() -> None:
    key = new_secret("0123456789ab")
    number = 0
    for digit in key[-6:]:
        number = number * 62 + ALPHABET.index(digit)
    assert number == zlib.crc32(key[:-6].encode())


def test_one_letter_that_is_wrong_missing_or_swapped_is_noticed() -> None:
    key = new_secret(new_id())
    drawn = random.Random(7)
    for _ in range(500):
        place = drawn.randrange(4, len(key))
        other = drawn.choice([letter for letter in ALPHABET if letter != key[place]])
        assert id_of(key[:place] + other + key[place + 1 :]) is None
        assert id_of(key[:place] + key[place + 1 :]) is None


def test_any_other_text_is_no_key() -> None:
    key = new_secret(new_id())
    for text in ("", "ion_", key + "\n", " " + key, key.upper(), "ion_" + "A" * 43, "\ud800", "가" * 66, key * 100):
        assert id_of(text) is None
