"""Bytes to text, and the name of the encoding where it is not UTF-8."""

import codecs
from collections.abc import AsyncIterator
from typing import Final

from ion_mentoring.errors import InvalidInput

MARKS: Final = {codecs.BOM_UTF32_LE: "UTF-32", codecs.BOM_UTF16_LE: "UTF-16", codecs.BOM_UTF16_BE: "UTF-16"}
CODECS: Final = {"CP949": "cp949", "SHIFT_JIS": "shift_jis", "WINDOWS-1252": "cp1252"}  # in the order in which they are tried
LOOKED_AT: Final = 64 * 1024  # bytes around what is no UTF-8


async def decoded(pieces: AsyncIterator[bytes]) -> AsyncIterator[str]:
    """The text of a body, without its byte order mark; InvalidInput names the encoding that it seems to have instead."""
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    begin, kept = b"", b""
    async for piece in pieces:
        if len(begin) < 4 and piece:
            begin += piece[:4]
            _no_mark(begin)
        try:
            text = decoder.decode(piece)
        except UnicodeDecodeError:
            raise _not_utf8((kept + piece)[-2 * LOOKED_AT :]) from None
        kept = piece[-LOOKED_AT:]
        yield text
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        raise _not_utf8(kept) from None


def _no_mark(begin: bytes) -> None:
    """InvalidInput where the bytes begin as another Unicode encoding does."""
    for mark, name in MARKS.items():
        if begin.startswith(mark):
            raise _wrong(name)
    if len(begin) == 4 and begin.count(0) == 2 and begin[0:1] != begin[2:3]:
        raise _wrong("UTF-16LE" if begin[0] else "UTF-16BE")


def _not_utf8(around: bytes) -> InvalidInput:
    for name, codec in CODECS.items():
        try:
            text = codecs.getincrementaldecoder(codec)().decode(around)
        except UnicodeDecodeError:
            continue
        if name != "CP949" or any("가" <= char <= "힣" for char in text):
            return _wrong(name)
    return _wrong("unknown")


def _wrong(encoding: str) -> InvalidInput:
    details = {"rule": "the body is text in UTF-8", "encoding": encoding}
    if encoding != "unknown":
        details["convert"] = f"iconv -f {encoding} -t UTF-8 FILE > FILE.utf8"
    return InvalidInput("not UTF-8", details=details)
