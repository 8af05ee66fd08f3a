"""The endpoints of the router beside those that answer, a family each: imported and built at its first request."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Protocol

from msgspec import Struct

from ion_mentoring.handlers.api.v2 import V2
from ion_mentoring.handlers.web.call import Endpoint, Family
from ion_mentoring.mentoring.issuing.marks import SecretMarks
from ion_mentoring.mentoring.operating.health import Health
from ion_mentoring.settings.router import RouterSettings
from ion_mentoring.telemetry.events import EventLog
from ion_mentoring.wiring.answering import Answering
from ion_mentoring.wiring.keys import AllKeys

if TYPE_CHECKING:
    from ion_mentoring.handlers.api.advice_calls import AdviceCalls
    from ion_mentoring.handlers.api.batch_calls import BatchCalls
    from ion_mentoring.handlers.api.consent_calls import ConsentCalls
    from ion_mentoring.handlers.api.experiment_calls import ExperimentCalls
    from ion_mentoring.handlers.api.feedback_calls import FeedbackCalls
    from ion_mentoring.handlers.api.flag_calls import FlagCalls
    from ion_mentoring.handlers.api.multi_persona_calls import MultiPersonaCalls
    from ion_mentoring.handlers.api.user_calls import UserCalls

V2_ROOT = "/api/v2"


class Table(Protocol):
    """A table of endpoints."""

    def endpoints(self) -> tuple[Endpoint, ...]:
        """The table."""


class Families(Struct, frozen=True):
    """The families of a router, of the parts that it answers with."""

    settings: RouterSettings
    built: Answering
    v2: V2
    keys: AllKeys
    marked: SecretMarks
    health: Health
    log: EventLog

    def all(self) -> tuple[Family, ...]:
        """Each of them, in the order of the contract."""
        return (
            _family(self._multi_persona, "chat"),
            _family(self._sessions, "sessions"),
            _family(self._feedback, "feedback"),
            _family(self._advice, "users", "feedback/population"),
            _family(self._users, "users"),
            _family(self._consents, "users"),
            _family(self._keys, "api-keys"),
            _family(self._batches, "batches"),
            _family(self._operations, "cache-stats", "cache"),
            _family(self._revocations, "token-revocations"),
            _family(self._flags, "flags"),
            _family(self._experiments, "experiments"),
            _family(self._answers, "answers"),
        )

    def _multi_persona(self) -> Table:
        from ion_mentoring.handlers.api.multi_persona import MultiPersona

        @cache
        def calls() -> "MultiPersonaCalls":
            from ion_mentoring.wiring.multi_persona import multi_persona_calls

            return multi_persona_calls(self.v2)

        return MultiPersona(calls)

    def _sessions(self) -> Table:
        from ion_mentoring.handlers.api.sessions import Sessions

        cached, check = self.built.answer.cache, self.v2.answer.safeguard.course.danger.check
        return Sessions(
            self.built.stores.conversations,
            lambda owner: cached.tiers.forget(cached.owner(owner)),
            lambda text: check(text) is not None,
            self.log,
        )

    def _feedback(self) -> Table:
        from ion_mentoring.handlers.api.feedback import Feedback

        @cache
        def calls() -> "FeedbackCalls":
            from ion_mentoring.wiring.feedback_calls import feedback_calls

            return feedback_calls(self.built, self.v2.receipts, self.v2.idempotency, self.log)

        return Feedback(calls)

    def _advice(self) -> Table:
        from ion_mentoring.handlers.api.advice import AdviceEndpoints

        @cache
        def calls() -> "AdviceCalls":
            from ion_mentoring.wiring.feedback_calls import advice_calls

            return advice_calls(self.built, self.v2.receipts)

        return AdviceEndpoints(calls)

    def _users(self) -> Table:
        from ion_mentoring.handlers.api.users import Users

        @cache
        def calls() -> "UserCalls":
            from ion_mentoring.wiring.user_calls import user_calls

            return user_calls(self.settings, self.built, self.log)

        return Users(calls)

    def _consents(self) -> Table:
        from ion_mentoring.handlers.api.consents import ConsentEndpoints

        @cache
        def calls() -> "ConsentCalls":
            from ion_mentoring.wiring.consent_calls import consent_calls

            return consent_calls(self.settings.consent, self.built, self.v2.receipts, self.log)

        return ConsentEndpoints(calls)

    def _keys(self) -> Table:
        from ion_mentoring.handlers.api.keys import Keys
        from ion_mentoring.wiring.keys import issue_keys

        bootstrap = self.keys.bootstrap.callers if self.keys.bootstrap else ()
        issue = issue_keys(self.marked, self.built, self.log)
        return Keys(issue, self.v2.idempotency, bootstrap, self.settings.cache.cache_max_unverified_s)

    def _batches(self) -> Table:
        from ion_mentoring.handlers.api.batches import Batches

        @cache
        def calls() -> "BatchCalls":
            from ion_mentoring.wiring.batch_calls import batch_calls

            settings, stores = self.settings, self.built.stores
            return batch_calls(settings.batches, settings.publishing, stores, self.v2.idempotency, self.v2.roster, self.log)

        return Batches(calls)

    def _operations(self) -> Table:
        from ion_mentoring.handlers.api.operations import Operations

        invalidate, within_s = self.built.caches.answers.invalidate, self.settings.cache.cache_max_unverified_s
        return Operations(self.health.all_figures, invalidate, within_s, self.log)

    def _revocations(self) -> Table:
        from ion_mentoring.handlers.api.revocations import Revocations
        from ion_mentoring.mentoring.revoking.revoke_tokens import RevokeTokens

        stored, invalidate = self.built.stores.revocations, self.built.caches.answers.invalidate
        revoke = RevokeTokens(stored, invalidate, self.log, lambda: datetime.now(UTC))
        return Revocations(revoke, self.settings.cache.cache_max_unverified_s)

    def _flags(self) -> Table:
        from ion_mentoring.handlers.api.flags import Flags

        @cache
        def calls() -> "FlagCalls":
            from ion_mentoring.wiring.flags import flag_calls

            return flag_calls(self.built, self.settings.cache.cache_max_unverified_s, self.log)

        return Flags(calls)

    def _experiments(self) -> Table:
        from ion_mentoring.handlers.api.experiments import ExperimentEndpoints

        @cache
        def calls() -> "ExperimentCalls":
            from ion_mentoring.wiring.experiment_calls import experiment_calls

            return experiment_calls(self.built, self.settings.cache.cache_max_unverified_s)

        return ExperimentEndpoints(calls)

    def _answers(self) -> Table:
        from ion_mentoring.handlers.api.answers import Answers

        answer = self.built.answer
        return Answers(self.built.caches.explanations, answer.routing, self.v2.streams.erased, answer.varying)


def _family(table: Callable[[], Table], *roots: str) -> Family:
    return Family(tuple(f"{V2_ROOT}/{root}" for root in roots), lambda: table().endpoints())
