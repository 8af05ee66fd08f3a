"""The one error tree: a class for each decision that a caller can take.

`status` is the HTTP status and `code` the stable name that clients see. Messages are for people: a handler takes them
from the catalogue by code, in the caller's language, so an error here carries facts and no prose that could leak.
"""

from collections.abc import Mapping
from typing import Any, ClassVar


class MentoringError(Exception):
    """Something went wrong that nobody foresaw; all errors of this library derive from it."""

    status: ClassVar[int] = 500
    code: ClassVar[str] = "INTERNAL_ERROR"

    def __init__(
        self,
        reason: str = "",
        *,
        field: str | None = None,
        details: Mapping[str, Any] | None = None,
        retry_after_s: float | None = None,
    ) -> None:
        """`reason` is for the log; `field`, `details` and `retry_after_s` (seconds) are shown to the caller."""
        super().__init__(reason or self.code)
        self.field = field
        self.details = dict(details or {})
        self.retry_after_s = retry_after_s


class MalformedRequest(MentoringError):
    """The bytes that came are no HTTP request."""

    status, code = 400, "MALFORMED_REQUEST"


class InvalidInput(MentoringError):
    """The text is empty, or the body as a whole has the wrong shape."""

    status, code = 400, "INVALID_INPUT"


class InvalidJson(MentoringError):
    """The body is no JSON, or no UTF-8."""

    status, code = 400, "INVALID_JSON"


class Unauthenticated(MentoringError):
    """There is no credential where one is needed, or it does not hold."""

    status, code = 401, "UNAUTHENTICATED"


class Forbidden(MentoringError):
    """The caller is known and may not do this: not this role, not this owner."""

    status, code = 403, "FORBIDDEN"


class ConsentRequired(MentoringError):
    """The person, or a child's guardian, has not agreed to this; `field` says what is missing, `details` to which notice."""

    status, code = 403, "CONSENT_REQUIRED"


class HttpsRequired(MentoringError):
    """The call came over plain HTTP: what it carried was readable on the way, and a key in it should be replaced."""

    status, code = 403, "HTTPS_REQUIRED"


class NotFound(MentoringError):
    """Nothing lives at this path or under this id."""

    status, code = 404, "NOT_FOUND"


class UnknownPersona(MentoringError):
    """No card has this name; `details` lists those that are there."""

    status, code = 404, "INVALID_PERSONA"


class MethodNotAllowed(MentoringError):
    """The path is right and the method is not; `details["allowed"]` lists those that are."""

    status, code = 405, "METHOD_NOT_ALLOWED"


class Conflict(MentoringError):
    """This idempotency key of this caller came with another request before."""

    status, code = 409, "CONFLICT"


class InProgress(MentoringError):
    """The same request under the same idempotency key is being answered right now."""

    status, code = 409, "IN_PROGRESS"


class Misdirected(MentoringError):
    """The request was meant for a host that is not served here."""

    status, code = 421, "MISDIRECTED_REQUEST"


class HomeElsewhere(MentoringError):
    """The caller's account has its home in another set, whose address `details` says; nothing but the token was read."""

    status, code = 421, "HOME_ELSEWHERE"


class BodyTooSlow(MentoringError):
    """The body that was announced did not come in time."""

    status, code = 408, "REQUEST_TIMEOUT"


class RequestTooLarge(MentoringError):
    """The body or the number of its items is over the limit."""

    status, code = 413, "REQUEST_TOO_LARGE"


class UnsupportedMediaType(MentoringError):
    """The body is not sent as application/json, or it is compressed."""

    status, code = 415, "UNSUPPORTED_MEDIA_TYPE"


class ValidationFailed(MentoringError):
    """One field breaks its rule: `field` is its path, `details` says the rule or the allowed values."""

    status, code = 422, "VALIDATION_ERROR"


class HeadTooLarge(MentoringError):
    """The header fields of a request are too many, or too large together."""

    status, code = 431, "HEADERS_TOO_LARGE"


class RateLimited(MentoringError):
    """The caller asked more often than it may; `retry_after_s` says when to come back."""

    status, code = 429, "RATE_LIMITED"


class BudgetExhausted(MentoringError):
    """The caller's monthly tokens are used up; `details` says how many there were, `retry_after_s` when there are new ones."""

    status, code = 429, "BUDGET_EXHAUSTED"


class Overloaded(MentoringError):
    """This instance has as many answers under way, and waiting, as it can carry."""

    status, code = 503, "OVERLOADED"


class ShuttingDown(MentoringError):
    """This instance was told to end before there was an answer; another one takes the same request."""

    status, code = 503, "SHUTTING_DOWN"


class PersonaUnavailable(MentoringError):
    """No persona could answer, after every fallback."""

    status, code = 503, "PERSONA_UNAVAILABLE"


class PersonaBusy(PersonaUnavailable):
    """The persona's function limits itself (429, or 503 with a time): it works, and is left alone for `retry_after_s`."""


class StoreUnavailable(MentoringError):
    """The database of what must last did not answer: the caller may come back, nothing was acknowledged."""

    status, code = 503, "STORE_UNAVAILABLE"


class StoreRefused(StoreUnavailable):
    """The database answers, and does not take this one call: what is written breaks one of its rules."""


class DeadlineExceeded(MentoringError):
    """The request's time was over before there was an answer."""

    status, code = 504, "DEADLINE_EXCEEDED"


class CacheUnavailable(MentoringError):
    """L2 did not answer in time; answers go on without it, and only what has to reach every instance fails with it."""

    status, code = 503, "CACHE_UNAVAILABLE"


class IssuerUnavailable(MentoringError):
    """The keys of a token's issuer are not known and cannot be fetched: nobody can tell whether the token holds."""

    status, code = 503, "ISSUER_UNAVAILABLE"


class IdentityUnavailable(MentoringError):
    """The platform gave no token for this function's own identity; ends in whatever needed it, which is then unavailable."""


class PublishingUnavailable(MentoringError):
    """A message was not taken, or nobody knows whether it was."""

    status, code = 503, "STORE_UNAVAILABLE"


class ModelUnavailable(MentoringError):
    """The model failed: not reached, an error of its own, too late, malformed, empty, cut. A later try may do better."""

    status, code = 503, "PERSONA_UNAVAILABLE"


class ModelBusy(ModelUnavailable):
    """The model limits itself (429, or 503 with a time): it works, and is left alone for `retry_after_s`."""


class ModelRefused(ModelUnavailable):
    """The model works and will not answer this: blocked by a filter, or a request it does not take. Another model may."""


class ModelFiltered(ModelRefused):
    """The vendor's filter blocked the question or the answer: it may have seen a danger that we have not."""


class ModelMisused(ModelUnavailable):
    """The model does not take what we send it at all: a wrong key, name, region or parameter. Trying again does not help."""


class CardInvalid(MentoringError):
    """A data file of the product is wrong: the message names the file and the field. Raised at load."""


class SettingsInvalid(MentoringError):
    """An environment variable is missing or wrong: the message names it, never its value. Raised at start."""


class QuotaExhausted(MentoringError):
    """The caller has handed in as much as it may for now; `details` says how much, `retry_after_s` when there is more."""

    status, code = 429, "QUOTA_EXHAUSTED"


class WrongState(MentoringError):
    """What is asked of an object does not go with its state, which `details` says."""

    status, code = 409, "WRONG_STATE"


class WebhookFailed(MentoringError):
    """A receiver did not take an event, or may not be called at all; ends in the batch, which says so."""
