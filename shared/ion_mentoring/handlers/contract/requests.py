"""The requests of callers, as the models that check it; the OpenAPI document is made from these."""

import json
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from ion_mentoring.errors import ValidationFailed
from ion_mentoring.handlers.web.bodies import Body
from ion_mentoring.handlers.web.cleaning import cleaned, composed, shows_nothing
from ion_mentoring.models.protocol import Mode
from ion_mentoring.records.profiles.consent import Means, Purpose
from ion_mentoring.understanding.resonance.key import Intent, Pace, ResonanceKey, Tone, UnknownKeyPart

TEXT_LIMIT = 4_000  # characters after trimming
HISTORY_LIMIT = 50  # messages
HISTORY_CHARACTERS = 20_000  # together
METADATA_BYTES = 4 * 1024  # as JSON
BULK_LIMIT = 100  # items
NOTHING_KEPT = "none"  # as `context.metadata.retention`


def _text(sent: Any) -> Any:
    """A text cleaned; one that shows nothing is empty."""
    if not isinstance(sent, str):
        return sent
    text = cleaned(sent, TEXT_LIMIT)
    if shows_nothing(text):
        raise PydanticCustomError("empty_text", "is empty")
    return text


def _said(sent: Any) -> Any:
    return cleaned(sent, HISTORY_CHARACTERS) if isinstance(sent, str) else sent


def _name(sent: Any) -> Any:
    return composed(sent) if isinstance(sent, str) else sent


def _key(sent: Any) -> ResonanceKey:
    if isinstance(sent, str):
        parts: Any = (*sent.strip().split("-", 2), "", "")[:3]
    elif isinstance(sent, dict):
        parts = [sent.get(part) for part in ("tone", "pace", "intent")]
    else:
        raise PydanticCustomError("resonance_key", "is neither a string nor an object of tone, pace and intent")
    try:
        return ResonanceKey.of(*(part if isinstance(part, str) else "" for part in parts))
    except UnknownKeyPart as error:
        facts = {"part": error.field, "allowed": error.details["allowed"]}
        raise PydanticCustomError("unknown_key_part", "is none of the allowed values", facts) from error


def _small(metadata: dict[str, Any]) -> dict[str, Any]:
    if len(json.dumps(metadata, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")) > METADATA_BYTES:
        raise PydanticCustomError("too_large", "is over {limit} bytes as JSON", {"limit": METADATA_BYTES})
    return metadata


def _known(metadata: dict[str, Any]) -> dict[str, Any]:
    """Metadata whose `retention` is one that is obeyed: nobody is kept in silence whose wish was not understood."""
    if metadata.get("retention") not in (None, NOTHING_KEPT):
        facts = {"part": "retention", "allowed": [NOTHING_KEPT]}
        raise PydanticCustomError("unknown_retention", "is none of the allowed values", facts)
    return metadata


def _without_empty(history: "tuple[HistoryMessage, ...]") -> "tuple[HistoryMessage, ...]":
    """The messages that say something: an answer that was stopped before its first word is none."""
    return tuple(message for message in history if not shows_nothing(message.content))


def _affordable(history: "tuple[HistoryMessage, ...]") -> "tuple[HistoryMessage, ...]":
    if len(history) > HISTORY_LIMIT:
        raise PydanticCustomError("too_long", "is over {limit} messages", {"limit": HISTORY_LIMIT})
    if sum(len(message.content) for message in history) > HISTORY_CHARACTERS:
        raise PydanticCustomError("too_long", "is over {limit} characters together", {"limit": HISTORY_CHARACTERS})
    return history


KEY_SCHEMA = {
    "oneOf": [
        {"type": "string", "examples": ["calm-medium-learning"]},
        {
            "type": "object",
            "required": ["tone", "pace", "intent"],
            "properties": {
                name: {"type": "string", "examples": [part.value for part in values]}
                for name, values in (("tone", Tone), ("pace", Pace), ("intent", Intent))
            },
        },
    ],
    "description": "`tone-pace-intent` or its three parts; aliases and any case are accepted. Detected when absent.",
}

Text = Annotated[str, Field(min_length=1, max_length=TEXT_LIMIT), BeforeValidator(_text)]
Key = Annotated[ResonanceKey, PlainValidator(_key), WithJsonSchema(KEY_SCHEMA)]
Name = Annotated[str, Field(min_length=1, max_length=64), BeforeValidator(_name)]
Id = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.:@-]{1,128}$")]
Language = Annotated[
    str,
    Field(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$"),
    AfterValidator(lambda tag: tag.lower().split("-")[0]),
]


Country = Annotated[str, Field(pattern=r"^[A-Za-z]{2}$"), AfterValidator(str.upper)]


class HistoryMessage(Body):
    """One earlier message of a conversation that the client keeps itself."""

    role: Literal["user", "assistant"]
    content: Annotated[str, BeforeValidator(_said)]
    timestamp: str | float | None = None


# A list of JSON is no tuple until it is read as one, in the models that take nothing for anything else.
History = Annotated[
    tuple[HistoryMessage, ...],
    Field(strict=False, json_schema_extra={"maxItems": HISTORY_LIMIT}),
    AfterValidator(_without_empty),
    AfterValidator(_affordable),
]


ReadTone = Annotated[bool, Field(description="`false`: how somebody feels is not read; intent and topic decide who answers.")]


class ConsentRequest(Body):
    """Consent as it is told: to the notice of that name, for each purpose yes or no, whether the person is a child, and by
    which means a guardian's consent was made sure of. Absent: as before."""

    notice: Annotated[str | None, Field(pattern=r"^[A-Za-z0-9_.-]{1,64}$")] = None
    purposes: Annotated[dict[Purpose, bool], Field(default_factory=dict)]
    child: bool | None = None
    guardian: Means | None = None


class Context(Body):
    """The user and the conversation; a session_id makes the server keep it."""

    user_id: Id | None = None
    session_id: Id | None = None
    country: Annotated[
        Country | None, Field(description="ISO 3166-1 alpha-2: whose help lines are named; else Accept-Language tells")
    ] = None
    message_history: History = ()
    metadata: Annotated[
        dict[str, Any],
        Field(default_factory=dict, description='The caller\'s own. `"retention": "none"`: answered, and never kept.'),
        AfterValidator(_small),
        AfterValidator(_known),
    ]
    consent: Annotated[
        ConsentRequest | None,
        Field(description="What the user has agreed to, of a service that keeps that itself; of a guest, its own word."),
    ] = None


class ProcessRequest(Body):
    """One question to a mentor."""

    user_input: Text
    resonance_key: Key | None = None
    persona: Name | None = None
    language: Language | None = None
    context: Annotated[Context, Field(default_factory=Context)]
    include_metadata: bool = True
    use_cache: bool = True
    prompt_mode: Mode = "default"
    read_tone: ReadTone = True

    @property
    def kept(self) -> bool:
        """False where the question is to be answered, and never kept."""
        return self.context.metadata.get("retention") != NOTHING_KEPT


def must_be_kept(sent: ProcessRequest) -> None:
    """ValidationFailed for a question of a batch that may not be kept: a batch is kept until its owner has its results."""
    if not sent.kept:
        rule = "a batch is kept until its owner has the results: ask by itself what may not be kept"
        raise ValidationFailed("not to be kept", field="context.metadata.retention", details={"rule": rule})


class RecommendRequest(Body):
    """A scenario for which a persona is looked for."""

    scenario: Text
    language: Language | None = None


class ResonanceRequest(Body):
    """A text whose way of speaking is to be read."""

    text: Text
    language: Language | None = None


class BulkRequest(Body):
    """Up to 100 questions; each is checked by itself, so that one bad item does not spoil the others."""

    requests: Annotated[list[Any], Field(min_length=1)]
    parallel: bool = True

    @property
    def kept(self) -> bool:
        """False where one of the questions may not be kept."""
        return not any(_unkept(item) for item in self.requests)


def _unkept(item: Any) -> bool:
    """True for what asks not to be kept, before it is checked."""
    context = item.get("context") if isinstance(item, dict) else None
    metadata = context.get("metadata") if isinstance(context, dict) else None
    return isinstance(metadata, dict) and metadata.get("retention") == NOTHING_KEPT


class V1ProcessRequest(Body):
    """The monolith's request: an unknown key means calm-medium-learning."""

    user_input: Text
    resonance_key: Annotated[str, Field(max_length=200)] = "calm-medium-learning"


class V1ChatRequest(Body):
    """The monolith's chat request."""

    message: Text
    user_id: Id | None = None
