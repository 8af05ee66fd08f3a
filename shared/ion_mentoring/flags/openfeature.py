"""A provider of our flags for OpenFeature's own SDK, for programs that use one; the set itself does without it."""

from typing import Any, Final, TypeVar

from openfeature.evaluation_context import EvaluationContext
from openfeature.exception import ErrorCode, FlagNotFoundError, TypeMismatchError
from openfeature.flag_evaluation import FlagResolutionDetails, Reason
from openfeature.provider import AbstractProvider, Metadata

from ion_mentoring.flags.declared import FLAGS
from ion_mentoring.flags.evaluation import Evaluates
from ion_mentoring.flags.flag import Kind

TENANT: Final = "tenant"  # the attribute of a context that targets
SERVICE: Final = "default"  # the tenant of those who name none

Resolved = TypeVar("Resolved")


class FlagsProvider(AbstractProvider):
    """The provider; a context may name a `tenant`."""

    def __init__(self, flags: Evaluates) -> None:
        super().__init__()
        self._flags = flags

    def get_metadata(self) -> Metadata:
        """The provider's name."""
        return Metadata(name="ion")

    def resolve_boolean_details(
        self, flag_key: str, default_value: bool, evaluation_context: EvaluationContext | None = None
    ) -> FlagResolutionDetails[bool]:
        """The evaluation of a boolean flag."""
        return self._resolved(flag_key, "boolean", default_value, evaluation_context)

    def resolve_string_details(
        self, flag_key: str, default_value: str, evaluation_context: EvaluationContext | None = None
    ) -> FlagResolutionDetails[str]:
        """The evaluation of a flag of text."""
        return self._resolved(flag_key, "string", default_value, evaluation_context)

    def resolve_integer_details(
        self, flag_key: str, default_value: int, evaluation_context: EvaluationContext | None = None
    ) -> FlagResolutionDetails[int]:
        """The evaluation of a flag of whole numbers."""
        return self._resolved(flag_key, "integer", default_value, evaluation_context)

    def resolve_float_details(
        self, flag_key: str, default_value: float, evaluation_context: EvaluationContext | None = None
    ) -> FlagResolutionDetails[float]:
        """The evaluation of a flag of numbers."""
        return self._resolved(flag_key, "float", default_value, evaluation_context)

    def resolve_object_details(
        self, flag_key: str, default_value: Any, evaluation_context: EvaluationContext | None = None
    ) -> FlagResolutionDetails[Any]:
        """A refusal: none of our flags is an object."""
        raise TypeMismatchError(f"{flag_key}: no flag is an object")

    def _resolved(
        self, key: str, kind: Kind, default: Resolved, context: EvaluationContext | None
    ) -> FlagResolutionDetails[Resolved]:
        flag = FLAGS.get(key)
        if flag is None:
            raise FlagNotFoundError(key)
        if flag.kind != kind:
            raise TypeMismatchError(f"{key}: {flag.kind}, not {kind}")
        tenant = context.attributes.get(TENANT, SERVICE) if context else SERVICE
        found = self._flags.evaluation(flag, str(tenant))
        if found.error_code:
            return FlagResolutionDetails(default, ErrorCode(found.error_code), reason=Reason.ERROR)
        return FlagResolutionDetails(found.value, reason=found.reason, variant=found.variant)
