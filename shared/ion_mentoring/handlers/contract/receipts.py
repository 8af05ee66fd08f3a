"""Receipts of answers: what an answer was, in the hands of whoever got it, so that a rating needs no record of all answers.

A receipt names no person and no word: the persona, the version of its card, the key, and with which probability the persona
was chosen. Its mark (keyed BLAKE2b) binds it to the request and to the caller's user; nobody can make one or use another's.
"""

import base64
import hmac
import json
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final

from msgspec import Struct

from ion_mentoring.access.caller import Caller
from ion_mentoring.errors import NotFound
from ion_mentoring.mentoring.answering.experimenting import exposures
from ion_mentoring.mentoring.answering.values import Answer, Learner
from ion_mentoring.records.feedback.protocol import Exposure, RatedAnswer
from ion_mentoring.sealing.keys import CacheKeys

FORM: Final = r"^[0-9a-f]{1,12}\.[A-Za-z0-9_-]{1,1500}\.[A-Za-z0-9_-]{24}$"
LONGEST: Final = 1_600


def facts_of(answer: Answer, propensity: float | None = None) -> str:
    """The facts of an answer as a receipt has them, with the probability of its choice: compact JSON in base64."""
    decision = answer.decision
    facts: Sequence[Any] = (
        answer.persona.id,
        answer.persona.version,
        str(decision.key),
        answer.language,
        answer.model,
        propensity,
        answer.topics,
        [(one.experiment, one.phase, one.arm) for one in exposures(decision.arms)],
    )
    return base64.urlsafe_b64encode(json.dumps(facts, ensure_ascii=True, separators=(",", ":")).encode()).decode().rstrip("=")


class Receipts(Struct, frozen=True):
    """Receipts under the keys of a set: every instance reads those of the others."""

    keys: CacheKeys

    def user(self, caller: Caller, user: str | None) -> str:
        """The mark of the user whom a call is for: the one it names, else the caller's own person."""
        named = user or caller.person
        return self.keys.of(named.encode("utf-8", "surrogatepass")) if named else ""

    def person(self, caller: Caller, named: str | None, user: str) -> str | None:
        """The mark of the person whom a request is of, by the mark of the user; None where it is nobody's in particular."""
        if not caller.speaks_for_somebody(named):
            return None
        return f"{caller.circle} {user}"

    def learner(self, caller: Caller, user: str | None) -> Learner | None:
        """The person whom a request is of, as what is learnt is kept."""
        mark = self.person(caller, user, self.user(caller, user))
        return None if mark is None else Learner(caller.learner(user), mark)

    def session(self, caller: Caller, session_id: str | None) -> str | None:
        """The mark of a session that is nobody's in particular; None without one."""
        return None if session_id is None else self.keys.of(f"session {caller.circle} {session_id}".encode())

    def give(self, caller: Caller, user: str, request_id: str, facts: str) -> str:
        """The receipt of a request that was answered now, for the user of a mark."""
        about = f"{int(time.time()):x}.{facts}"
        return f"{about}.{self._mark(caller, user, request_id, about)}"

    def read(self, caller: Caller, user: str, request_id: str, receipt: str) -> RatedAnswer:
        """The facts of the answer; NotFound for a receipt of another request or another user, or of nobody."""
        about, _, mark = receipt.rpartition(".")
        if not hmac.compare_digest(mark, self._mark(caller, user, request_id, about)):
            raise NotFound("no such answer", field="receipt")
        at, _, facts = about.partition(".")
        persona, card, key, language, model, propensity, topics, exposures = json.loads(
            base64.urlsafe_b64decode(facts + "=" * (-len(facts) % 4))
        )
        answered_at = datetime.fromtimestamp(int(at, 16), UTC)
        arms = tuple(Exposure(*one) for one in exposures)
        return RatedAnswer(answered_at, persona, card, key, language, model, propensity, tuple(topics), arms)

    def _mark(self, caller: Caller, user: str, request_id: str, about: str) -> str:
        """The mark for all callers that may speak for the user: those of a tenant, in `default` the very caller."""
        return self.keys.receipt(f"{request_id} {user} {about} {caller.circle}")  # the first three hold no space
