"""A text is found in whatever form it lies, and nothing is found where it does not."""

import base64
import hashlib
import json
import os
import unicodedata

import pytest

from ion_mentoring.mentoring.privacy.marks import Marks

MARK = "비밀-Mark é"
NFD = unicodedata.normalize("NFD", MARK)


@pytest.mark.parametrize(
    "data",
    [
        *(text.encode(code) for text in (MARK, NFD) for code in ("utf-8", "utf-16-le", "utf-16-be")),
        *(base64.b64encode(b"x" * before + MARK.encode() + b"y" * 7) for before in range(5)),
        *(base64.urlsafe_b64encode(b"\xff" * before + NFD.encode("utf-16-le") + b"y") for before in range(3)),
        json.dumps({"said": MARK}).encode(),
        MARK.encode().hex().encode(),
        hashlib.sha256(MARK.encode()).hexdigest().encode(),
    ],
)
def test_a_mark_is_found(data: bytes) -> None:
    assert Marks("other", MARK).found(b"before " + data + b" after")


def test_noise_holds_nothing() -> None:
    assert Marks(MARK).found(os.urandom(1_000_000)) == []
    assert Marks(MARK).found(base64.b64encode(MARK.encode()[:6])) == []
