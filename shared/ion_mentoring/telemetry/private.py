"""Facts without persons: who called becomes a pseudonym, and personal data in a text the name of its kind."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from ion_mentoring.masking.mask import masked, masked_values
from ion_mentoring.telemetry.product import APIRequestEvent, DeadLetterEvent, PersonaProcessEvent, ProductEvent, SecurityEvent

Name = Callable[[str], str]

CALLERS: Final = ("caller", "who")  # the fields that name one
# Of our own making; a record of the audit log, which has pseudonyms of its own, is verified by its every letter.
OURS: Final = frozenset(("request_id", "trace_id", "batch", "persona", "model", "resonance_key", "record"))


def private_event(event: ProductEvent, name: Name) -> ProductEvent:
    """An event of the product as it may be told; its other fields are words and numbers of our own."""
    if isinstance(event, PersonaProcessEvent):
        return event if (called := name(event.caller)) is event.caller else event._replace(caller=called)
    if isinstance(event, APIRequestEvent):
        return event if event.success else _private_refusal(event, name)
    if isinstance(event, SecurityEvent):
        return event._replace(who=name(event.who), reason=masked(event.reason))
    return event._replace(message_id=masked(event.message_id)) if isinstance(event, DeadLetterEvent) else event


def _private_refusal(event: APIRequestEvent, name: Name) -> APIRequestEvent:
    reason, field, caller = event.reason, event.field, event.caller
    return event._replace(reason=reason and masked(reason), field=field and masked(field), caller=caller and name(caller))


def private_facts(facts: Mapping[str, Any], name: Name) -> dict[str, Any]:
    """The facts of a line of the log as they may be told, those within others, too."""
    return {field: _private(field, value, name) for field, value in facts.items()}


def _private(field: str, value: Any, name: Name) -> Any:
    if field in OURS:
        return value
    if isinstance(value, str):
        return name(value) if field in CALLERS else masked(value)
    if isinstance(value, Mapping):
        return private_facts(value, name)
    return masked_values(value)
