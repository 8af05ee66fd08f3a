"""What has been heard of a vendor's answer so far, and whether it ended as an answer should."""

from dataclasses import dataclass
from typing import Final

from ion_mentoring.models.endings import Ending
from ion_mentoring.models.protocol import Completion
from ion_mentoring.models.spending import Usage, VendorCall
from ion_mentoring.models.vendor_errors import FILTERED, broken, refused

MOST_TEXT_BYTES: Final = 64 * 1024  # of UTF-8 in one answer: more than any card may ask for, and little enough to hold


@dataclass(slots=True)
class Hearing:
    """An answer of the model `name` under way; text and count are noted on the call at once, so that nothing gets lost."""

    name: str
    call: VendorCall
    ending: Ending | None = None
    size: int = 0

    def hear(self, text: str, usage: Usage | None = None, ending: Ending | None = None) -> None:
        """Takes in the next piece, the vendor's count so far and why the answer ended, as far as they are told.

        ModelUnavailable for more text than an answer may have.
        """
        self.call.usage = usage or self.call.usage
        self.ending = self.ending if self.ending == "filtered" else ending or self.ending
        if text:
            self.call.heard.append(text)
            self.size += len(text.encode())
        if self.size > MOST_TEXT_BYTES:
            raise broken(self.name, "more text than an answer may have")

    def ended(self) -> None:
        """Takes in that there is nothing more: whether an answer without a reason was to be longer, nobody can tell then."""
        self.ending = self.ending or "cut_short"

    def completion(self, language: str) -> Completion:
        """All of it together; ModelRefused if it was filtered, ModelUnavailable if it was cut, or has no text."""
        text = "".join(self.call.heard)
        if self.ending == "filtered":
            raise refused(self.name, FILTERED)
        if self.ending is None or self.ending == "broken":
            raise broken(self.name, "ended without a good reason")
        if not text.strip():
            raise broken(self.name, "ended without text")
        cut_short = self.ending == "cut_short"
        return Completion(text, self.name, language, self.call.usage or Usage(estimated=True), cut_short=cut_short)
