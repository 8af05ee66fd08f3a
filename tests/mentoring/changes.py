"""The use case with other parts."""

from msgspec.structs import replace

from ion_mentoring.mentoring.answering.answer import AnswerQuestion

PARTS = {
    "mentors": "failover",
    "last_resort": "failover",
    "conversations": "memory",
    "ledger": "metering",
    "prices": "metering",
    "now": "metering",
}


def changed(use_case: AnswerQuestion, **changes: object) -> AnswerQuestion:
    """The use case with these fields, of its own or of one of its parts."""
    own = {name: value for name, value in changes.items() if name not in PARTS}
    for name, value in changes.items():
        if name in PARTS:
            part = PARTS[name]
            own[part] = replace(own.get(part, getattr(use_case, part)), **{name: value})  # type: ignore[type-var]
    return replace(use_case, **own)  # type: ignore[arg-type]
