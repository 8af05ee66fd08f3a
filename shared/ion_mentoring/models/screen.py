"""A screen before a model's text: its thoughts and the marks of its chat template stay behind, however they are cut.

In code and between quotation marks a mark is text, since people ask about marks; elsewhere it counts. A closing mark
without an opening one says that all before it was a thought, harmony's last channel that all before it was none of it.
"""

import re
from typing import Final, Literal

from msgspec import Struct, field

from ion_mentoring.models.code_place import CodePlace
from ion_mentoring.models.marks import KINDS, MARK, Kind, begun

QUOTES: Final = frozenset("\"'“”‘’«»「」『』")
State = Literal["shown", "thought", "aside", "channel", "header", "over"]


class Seen(Struct, frozen=True):
    """The visible part of a piece of text; `void` says that all that was seen before is withdrawn first."""

    text: str = ""
    void: bool = False


class Screen(Struct):
    """One answer's screen. `seen` is what stands; `aside` is a thought that began within a line, which may be a word."""

    seen: list[str] = field(default_factory=list)
    unclosed: bool = False
    _state: State = "shown"
    _held: str = ""
    _lead: str = ""
    _aside: str = ""
    _header: str = ""
    _marked: bool = False
    _final: bool = False
    _void: bool = False
    _new: list[str] = field(default_factory=list)
    _place: CodePlace = field(default_factory=CodePlace)

    def hear(self, text: str) -> Seen:
        """Takes in the next piece. What may be the beginning of a mark is held back until the next one."""
        return self._heard(self._held + text, last=False)

    def end(self, *, whole: bool) -> Seen:
        """Takes in that there is no more: a mark within a line that nothing closed was a word, if the answer is whole."""
        first = self._heard(self._held, last=True)
        self.unclosed = self._state in ("thought", "aside")
        if self._state == "aside" and whole:
            self.unclosed = False
            self._new = []
            self._show(self._aside)
            return Seen(first.text + "".join(self._new), first.void)
        return first

    def _heard(self, text: str, *, last: bool) -> Seen:
        before, self._void, self._new = bool(self.seen), False, []
        at = 0
        while (mark := MARK.search(text, at)) and (last or _decided(text, mark)):
            self._take(text[at : mark.start()])
            self._meet(mark[0], text[mark.end() : mark.end() + 1])
            at = mark.end()
        until = len(text) if last else mark.start() if mark else begun(text, at)
        self._take(text[at:until])
        self._held = text[until:]
        return Seen("".join(self._new), self._void and before)

    def _take(self, text: str) -> None:
        """Plain text, wherever it belongs."""
        match self._state:
            case "shown":
                self._show(text)
            case "aside":
                self._aside += text
            case "header":
                self._header += text

    def _show(self, text: str) -> None:
        """Text of the answer; white space before it waits, and goes where a mark was."""
        if not self.seen:
            text, self._lead = self._lead + text, ""
            text = text.lstrip() if self._marked else text
            if not text.strip():
                self._lead = text
                return
        if text:
            self.seen.append(text)
            self._new.append(text)
            self._place.read(text)

    def _meet(self, mark: str, following: str) -> None:
        """A mark, in the light of what stands around it."""
        kind = KINDS[mark.lower()]
        if self._state == "shown" and self._is_text(mark, following):
            self._show(mark)
            return
        self._marked = True
        match self._state:
            case "shown":
                self._meet_in_text(mark, kind)
            case "thought" | "aside":
                self._meet_in_thought(mark, kind)
            case _:
                self._meet_in_template(mark, kind)

    def _is_text(self, mark: str, following: str) -> bool:
        if not following and KINDS[mark.lower()] == "end":
            return False  # the last of all: nobody's text ends so
        quoted = self._place.last in QUOTES and following in QUOTES
        struck = (mark == "<s>" and bool(self.seen)) or (mark == "</s>" and any("<s>" in text for text in self.seen))
        return self._place.in_code or struck or quoted

    def _meet_in_text(self, mark: str, kind: Kind) -> None:
        match kind:
            case "open":
                self._state, self._aside = ("aside", mark) if self._place.within_line else ("thought", "")
            case "close":
                self._withdraw()
            case "header":
                self._state, self._header = "header", mark
            case "end" if self.seen:
                self._state = "over"

    def _meet_in_thought(self, mark: str, kind: Kind) -> None:
        if kind == "close":
            self._state = "shown"
        elif self._state == "aside" and kind == "end" and "<s>" not in self._aside:
            self._state = "shown"
            self._show(self._aside)
            self._state = "over"
        elif self._state == "aside":
            self._aside += mark

    def _meet_in_template(self, mark: str, kind: Kind) -> None:
        if kind == "header":
            self._header = self._header + mark if self._state == "header" else mark
            self._state = "header"
        elif self._state == "header" and kind == "message":
            self._enter()
        elif self._state != "over" and kind == "end":
            self._state = "shown"

    def _enter(self) -> None:
        """The message behind a header of harmony: the channel `final` is seen, or an assistant without channels."""
        _, is_channel, channel = self._header.lower().rpartition("<|channel|>")
        name = (channel.split() or [""])[0]
        if is_channel and name == "final" and not self._final:
            self._final = True
            self._withdraw()
        speaks = name == "final" if is_channel else name in ("<|start|>assistant", "<|start|>")
        self._state = "shown" if speaks else "channel" if is_channel else "over"

    def _withdraw(self) -> None:
        self._void = True
        self._lead = ""
        self.seen.clear()
        self._new.clear()
        self._place = CodePlace()


def _decided(text: str, mark: re.Match[str]) -> bool:
    """True if a mark is no other, longer one, and what follows it is there."""
    return mark.end() < len(text) and begun(text, mark.start()) != mark.start()
