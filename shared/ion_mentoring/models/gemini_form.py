"""The forms of Gemini: what is sent, and what a response or one of its chunks says, in google-genai's types."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from google.genai import errors, types

from ion_mentoring.models.generation import Generation
from ion_mentoring.models.hearing import Ending
from ion_mentoring.models.protocol import Prompt
from ion_mentoring.models.spending import Usage

ROLES: Final = {"user": "user", "assistant": "model"}
ENDINGS: Final[Mapping[str, Ending]] = {
    "STOP": "whole",
    "MAX_TOKENS": "cut_short",
    **dict.fromkeys(("SAFETY", "RECITATION", "LANGUAGE", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "MODEL_ARMOR"), "filtered"),
}
MOST_TOKENS: Final = 100_000_000  # in one answer: more is no count, and no ledger could hold it
RETRY_INFO: Final = "type.googleapis.com/google.rpc.RetryInfo"
CODES: Final = frozenset(
    {
        *("INVALID_ARGUMENT", "FAILED_PRECONDITION", "OUT_OF_RANGE", "UNAUTHENTICATED", "PERMISSION_DENIED", "NOT_FOUND"),
        *("RESOURCE_EXHAUSTED", "CANCELLED", "UNKNOWN", "INTERNAL", "UNAVAILABLE", "DEADLINE_EXCEEDED", "UNIMPLEMENTED"),
    }
)
_SECONDS: Final = re.compile(r"^(\d{1,9}(?:\.\d{1,9})?)s$")
_TOO_LONG: Final = re.compile(r"token count.*exceeds|exceeds the maximum number of tokens", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Said:
    """What one response or chunk says: text, the vendor's count so far, and why the answer ended."""

    text: str = ""
    usage: Usage | None = None
    ending: Ending | None = None


def contents(prompt: Prompt) -> list[types.Content]:
    """The conversation, in the vendor's roles."""
    return [types.Content(role=ROLES[turn.role], parts=[types.Part(text=turn.content)]) for turn in prompt.turns]


def config(prompt: Prompt) -> types.GenerateContentConfig:
    """The instruction, and how the card wants its model to write."""
    generation = prompt.generation
    return types.GenerateContentConfig(
        system_instruction=prompt.system,
        temperature=generation.temperature,
        max_output_tokens=generation.output_tokens(light=prompt.mode == "summary_light"),
        safety_settings=list(_blocks(generation)),
    )


def said(response: types.GenerateContentResponse) -> Said:
    """What a response says, without thoughts, which are counted and never shown."""
    usage = _usage(response.usage_metadata)
    feedback = response.prompt_feedback
    if feedback and feedback.block_reason:
        return Said(usage=usage, ending="filtered")
    candidate = response.candidates[0] if response.candidates else None
    if candidate is None:
        return Said(usage=usage)
    parts = (candidate.content.parts or []) if candidate.content else []
    text = "".join(part.text for part in parts if part.text and not part.thought)
    reason = candidate.finish_reason
    return Said(text, usage, None if reason is None else ENDINGS.get(str(reason.value), "broken"))


def wait_s(error: errors.APIError) -> float | None:
    """The seconds that an error's RetryInfo asks to wait; None where there is none."""
    for detail in _details(error):
        if detail.get("@type") == RETRY_INFO and (found := _SECONDS.match(str(detail.get("retryDelay")))):
            return float(found[1])
    return None


def kind(error: errors.APIError) -> str:
    """The name that the vendor gives an error, if it is one of google.rpc.Code's and no text of its own."""
    return error.status if error.status in CODES else ""


def too_long(error: errors.APIError) -> bool:
    """Whether a request was refused since it has more tokens than the model takes, which only the message tells."""
    return error.code == 400 and bool(_TOO_LONG.search(error.message or ""))


def _details(error: errors.APIError) -> Iterator[Mapping[str, Any]]:
    form = error.details
    inner = form.get("error", form) if isinstance(form, Mapping) else {}
    details = inner.get("details") if isinstance(inner, Mapping) else None
    yield from (detail for detail in details or () if isinstance(detail, Mapping))


def _blocks(generation: Generation) -> Iterator[types.SafetySetting]:
    for harm, block in generation.block.items():
        yield types.SafetySetting(
            category=types.HarmCategory(f"HARM_CATEGORY_{harm.upper()}"),
            threshold=types.HarmBlockThreshold(f"BLOCK_{block.upper()}"),
        )


def _usage(counts: types.GenerateContentResponseUsageMetadata | None) -> Usage | None:
    """Tokens as they are billed: thoughts as written, what tools made of the prompt as read."""
    if counts is None:
        return None
    read = (counts.prompt_token_count or 0) + (counts.tool_use_prompt_token_count or 0)
    written = (counts.candidates_token_count or 0) + (counts.thoughts_token_count or 0)
    sane = 0 <= read <= MOST_TOKENS and 0 <= written <= MOST_TOKENS and read + written > 0
    return Usage(read, written) if sane else None
