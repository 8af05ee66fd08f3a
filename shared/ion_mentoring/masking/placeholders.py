"""Placeholders for personal data, which go to a stranger in its place, and come back as what they stood for."""

import re
from typing import Final, get_args

from ion_mentoring.masking.find import Kind
from ion_mentoring.masking.mask import personal_data

_LONGEST: Final = 24  # characters of a placeholder that may be cut in two
# As a model writes it again: in another case, with a space or Markdown's backslash in it.
_WRITTEN: Final = re.compile(rf"\[ ?({'|'.join(get_args(Kind))}) ?\\?[_ ] ?(\d{{1,3}}) ?\]", re.IGNORECASE)
_BEGUN: Final = re.compile(r"\[[A-Za-z_ \\0-9]*\Z")


class Placeholders:
    """The placeholders of one conversation: the same value has the same one, and none is a text that stood there before."""

    def __init__(self) -> None:
        self._names: dict[tuple[Kind, str], str] = {}
        self._values: dict[str, str] = {}
        self._taken: set[str] = set()

    def __bool__(self) -> bool:
        return bool(self._values)

    def taken_by(self, text: str) -> None:
        """Leaves out what is in a text by itself."""
        self._taken.update(_name(found[1], int(found[2])) for found in _WRITTEN.finditer(text))

    def hide(self, text: str) -> str:
        """The text with a placeholder, such as `[PHONE_1]`, for each piece of personal data."""
        pieces: list[str] = []
        at = 0
        for piece in personal_data(text):
            pieces += text[at : piece.start], self._for(piece.kind, text[piece.start : piece.end])
            at = piece.end
        return "".join((*pieces, text[at:]))

    def restore(self, text: str) -> str:
        """The text with the values back in their places; what is no placeholder of this conversation stays."""
        return _WRITTEN.sub(lambda found: self._values.get(_name(found[1], int(found[2])), found[0]), text)

    def _for(self, kind: Kind, value: str) -> str:
        if (kind, value) not in self._names:
            number = 1
            while (name := _name(kind, number)) in self._values or name in self._taken:
                number += 1
            self._names[kind, value], self._values[name] = name, value
        return self._names[kind, value]


class Restoring:
    """A stream of text in which values come back; the beginning of a placeholder waits for its end."""

    def __init__(self, placeholders: Placeholders) -> None:
        self._placeholders = placeholders
        self._held = ""

    def hear(self, text: str) -> str:
        """Take the next piece; the text that can be told by now."""
        text = self._held + text
        begun = _BEGUN.search(text)
        cut = begun.start() if begun and len(text) - begun.start() <= _LONGEST else len(text)
        self._held = text[cut:]
        return self._placeholders.restore(text[:cut])

    def begin(self) -> None:
        """Forgets what waits: the text starts over."""
        self._held = ""

    def end(self) -> str:
        """The rest, as nothing more comes."""
        held, self._held = self._held, ""
        return self._placeholders.restore(held)


def _name(kind: str, number: int) -> str:
    return f"[{kind.upper()}_{number}]"
