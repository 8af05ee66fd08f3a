"""Text as files and pipes hold it: UTF-8, UTF-16 with its mark, or CP949, in which Korean spreadsheets are saved."""

import codecs
from dataclasses import dataclass
from typing import Final

from ion_cli.failure import Exit, Failure
from ion_cli.texts import text

MARKS: Final = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
HANGUL: Final = range(0xAC00, 0xD7A4)


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text, and the encoding that it was in."""

    text: str
    encoding: str

    @property
    def converted(self) -> bool:
        """True where the text was not UTF-8."""
        return self.encoding != "utf-8"


def decoded(sent: bytes) -> Decoded:
    """The text of bytes; Failure where no encoding of ours makes text of them.

    CP949 takes nearly any pair of bytes, so it counts only where what comes out is Hangul for the most part.
    """
    for mark, encoding in MARKS:
        if sent.startswith(mark):
            return Decoded(_decoded(sent.removeprefix(mark), encoding), encoding)
    try:
        return Decoded(sent.decode(), "utf-8")
    except UnicodeDecodeError:
        pass
    found = _decoded(sent, "cp949")
    beyond = [one for one in found if not one.isascii()]
    if sum(ord(one) in HANGUL for one in beyond) * 2 < len(beyond):
        raise _unknown()
    return Decoded(found, "cp949")


def _decoded(sent: bytes, encoding: str) -> str:
    try:
        return sent.decode(encoding)
    except UnicodeDecodeError as error:
        raise _unknown() from error


def _unknown() -> Failure:
    return Failure(Exit.REFUSED, "ENCODING", text("bad.encoding"))
