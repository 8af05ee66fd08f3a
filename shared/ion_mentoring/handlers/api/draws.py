"""The draws of exploring: even numbers that nobody outside can choose or foresee."""

from typing import Final

from msgspec import Struct

from ion_mentoring.handlers.web.call import Call
from ion_mentoring.mentoring.answering.values import AnswerRequest, Learner
from ion_mentoring.sealing.keys import CacheKeys

BITS: Final = 32
WHOLE: Final[int] = 2**BITS


class Draws(Struct, frozen=True):
    """One draw a session, so that a conversation stays with whom it began, else one a request."""

    keys: CacheKeys

    def of(self, call: Call, ask: AnswerRequest, learner: Learner) -> float | None:
        """The draw of a request, in [0, 1); None in a conversation that the caller keeps itself."""
        if ask.session_id is not None:
            return int(self.keys.of(f"draw {learner.mark} {ask.session_id}".encode())[: BITS // 4], 16) / WHOLE
        return None if ask.history else self.of_request(call)

    @staticmethod
    def of_request(call: Call) -> float:
        """The same for the same call, however often: by the secret of this process, and the moment at which the call came."""
        return (hash((call.request_id, call.started)) & (WHOLE - 1)) / WHOLE
