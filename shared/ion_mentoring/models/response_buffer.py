"""A vendor's answer so far, and whether it ended as an answer should."""

from typing import Final

from msgspec import Struct, field

from ion_mentoring.models.endings import Ending
from ion_mentoring.models.protocol import Completion, Delta, Say, Started
from ion_mentoring.models.screen import Screen, Seen
from ion_mentoring.models.vendor_errors import BROKE_OFF, FILTERED, broken, refused
from ion_mentoring.usage.meter import Usage, VendorCall

MOST_TEXT_BYTES: Final = 64 * 1024  # of UTF-8 in one answer: more than any card may ask for, and little enough to hold
MOST_HEARD_BYTES: Final = 1024 * 1024  # with all thoughts


class ResponseBuffer(Struct):
    """An answer of the model `name` under way; text and count are noted on the call at once, so that nothing gets lost.

    `say` is told what may be shown. `spoken` says that there was text, be it a thought; `heard` and `seen` are bytes, with
    and without thoughts.
    """

    name: str
    call: VendorCall
    say: Say | None = None
    ending: Ending | None = None
    spoken: bool = False
    heard: int = 0
    seen: int = 0
    screen: Screen = field(default_factory=Screen)

    def hear(self, text: str, usage: Usage | None = None, ending: Ending | None = None, *, thought: str = "") -> None:
        """Takes in the next piece, the vendor's count so far and why the answer ended, as far as they are told.

        A `thought` beside the text is only paid for. ModelUnavailable for more text than an answer may have.
        """
        self.call.usage = usage or self.call.usage
        self.ending = self.ending if self.ending == "filtered" else ending or self.ending
        self.spoken = self.spoken or bool(text)
        first = not self.heard
        if heard := thought + text:
            self.call.heard.append(heard)
            self.heard += len(heard.encode())
        shown = self._show(self.screen.hear(text), usage)
        if first and heard and not shown and self.say:
            self.say(Delta(""))

    def ended(self) -> None:
        """Takes in that there is nothing more: whether an answer without a reason was to be longer, nobody can tell then."""
        self.ending = self.ending or "cut_short"

    def concluded(self, language: str) -> Completion:
        """All of it together, when its rest is said; ModelFiltered if it was filtered, ModelUnavailable if it was cut, or has
        no text."""
        if self.ending == "filtered":
            raise refused(self.name, FILTERED)
        if self.ending is None and self.say:
            raise broken(self.name, BROKE_OFF)
        if self.ending is None or self.ending == "broken":
            raise broken(self.name, "ended without a good reason")
        self._show(self.screen.end(whole=self.ending == "whole"))
        text = "".join(self.screen.seen)
        if not text.strip():
            raise broken(self.name, "ended without text")
        cut_short = self.ending == "cut_short" or self.screen.unclosed
        usage = self.call.usage or Usage(estimated=True)
        return Completion(text, self.name, language, usage, cut_short=cut_short)

    def _show(self, seen: Seen, usage: Usage | None = None) -> bool:
        """Says what a piece adds to what is seen; False if that is nothing."""
        self.seen = len(seen.text.encode()) + (0 if seen.void else self.seen)
        if self.seen > MOST_TEXT_BYTES or self.heard > MOST_HEARD_BYTES:
            raise broken(self.name, "more text than an answer may have")
        if self.say and seen.void:
            self.say(Started())
        if self.say and seen.text:
            self.say(Delta(seen.text, usage))
        return seen.void or bool(seen.text)
