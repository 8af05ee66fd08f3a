"""The forms of Gemini: what is sent, and what a response, one of its chunks or an error says."""

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from ion_mentoring.models.endings import Ending, ending_of
from ion_mentoring.models.generation import Generation
from ion_mentoring.models.protocol import Prompt
from ion_mentoring.usage.meter import Usage

if TYPE_CHECKING:  # the vendor's types cost as much as the rest of a cold start, and are there once it has been asked
    from google.genai import types

ROLES: Final = {"user": "user", "assistant": "model"}
MOST_TOKENS: Final = 100_000_000  # in one answer: more is no count, and no ledger could hold it

CODES: Final = frozenset(  # of google.rpc.Code, what a log may say
    {
        *("INVALID_ARGUMENT", "FAILED_PRECONDITION", "OUT_OF_RANGE", "UNAUTHENTICATED", "PERMISSION_DENIED", "NOT_FOUND"),
        *("RESOURCE_EXHAUSTED", "CANCELLED", "UNKNOWN", "INTERNAL", "UNAVAILABLE", "DEADLINE_EXCEEDED", "UNIMPLEMENTED"),
    }
)
RETRY_INFO: Final = "type.googleapis.com/google.rpc.RetryInfo"
_MAY_BE_TOLD: Final = re.compile(r"gemini-2\.5-flash(-preview)?(-[0-9-]+)?")
_SECONDS: Final = re.compile(r"(\d{1,9}(?:\.\d{1,9})?)s")
_TOO_LONG: Final = re.compile(r"input token count|maximum number of tokens allowed", re.IGNORECASE)


class Said(Struct, frozen=True):
    """The content of one response or chunk: text, thoughts beside it, the vendor's count so far, and why the answer ended."""

    text: str = ""
    thought: str = ""
    usage: Usage | None = None
    ending: Ending | None = None


class Problem(Struct, frozen=True):
    """The content of a google.rpc.Status without its words: its name, the seconds to wait, a question too long."""

    kind: str = ""
    wait_s: float | None = None
    too_long: bool = False


def contents(prompt: Prompt) -> "list[types.ContentUnionDict]":
    """The conversation, in the vendor's roles."""
    return [{"role": ROLES[turn.role], "parts": [{"text": turn.content}]} for turn in prompt.turns]


def thinking(model: str, wanted: str | None) -> "types.ThinkingConfigDict | None":
    """The thinking of the model before it speaks: `none`, a level, or a number of tokens; None leaves it to the model.

    A model that would think, and may be told not to, is told not to: thoughts delay the first word by seconds and count
    against the answer's length (https://ai.google.dev/gemini-api/docs/thinking). Models before Gemini 3 take tokens, later
    ones levels, and each refuses the other.
    """
    if wanted is None:
        return {"thinking_budget": 0} if _MAY_BE_TOLD.fullmatch(model) else None
    if wanted == "none" or wanted.isdecimal():
        return {"thinking_budget": 0 if wanted == "none" else int(wanted)}
    level: Any = wanted.upper()
    return {"thinking_level": level}


def config(prompt: Prompt, thinks: "types.ThinkingConfigDict | None") -> "types.GenerateContentConfigDict":
    """The instruction and how the card wants its model to write; of what the client would do by itself, nothing."""
    generation = prompt.generation
    return {
        "thinking_config": thinks,
        "system_instruction": prompt.system,
        "temperature": generation.temperature,
        "max_output_tokens": generation.output_tokens(light=prompt.mode == "summary_light"),
        "safety_settings": list(_blocks(generation)),
        "automatic_continuation": False,  # it would send, and pay, more requests than we count
        "automatic_function_calling": {"disable": True},
    }


def said(response: "types.GenerateContentResponse", *, spoken: bool) -> Said:
    """The content of a response, without thoughts, which are counted and never shown; `spoken`: there was text before."""
    if response.prompt_feedback and response.prompt_feedback.block_reason:
        return Said(usage=_usage(response.usage_metadata, spoken=False), ending="filtered")
    candidate = response.candidates[0] if response.candidates else None
    parts = (candidate.content.parts or ()) if candidate and candidate.content else ()
    text = "".join(part.text for part in parts if part.text and not part.thought)
    thought = "".join(part.text for part in parts if part.text and part.thought)
    reason = candidate.finish_reason if candidate else None
    ending = ending_of(reason.value) if reason else None
    return Said(text, thought, _usage(response.usage_metadata, spoken=spoken or bool(text)), ending)


def problem(details: object) -> Problem:
    """The problem in an error's body, which may be anything."""
    form = details.get("error", details) if isinstance(details, Mapping) else None
    if not isinstance(form, Mapping):
        return Problem()
    kind, message = form.get("status"), str(form.get("message"))
    known = kind if isinstance(kind, str) and kind in CODES else ""
    return Problem(known, min(_waits(form.get("details")), default=None), bool(_TOO_LONG.search(message)))


def _waits(details: object) -> Iterator[float]:
    for detail in details if isinstance(details, list) else ():
        if isinstance(detail, Mapping) and detail.get("@type") == RETRY_INFO:
            found = _SECONDS.fullmatch(str(detail.get("retryDelay")))
            if found and float(found[1]) > 0:
                yield float(found[1])


def _blocks(generation: Generation) -> "Iterator[types.SafetySettingDict]":
    for harm, block in generation.block.items():
        setting: Any = {"category": f"HARM_CATEGORY_{harm.upper()}", "threshold": f"BLOCK_{block.upper()}"}
        yield setting


def _usage(counts: "types.GenerateContentResponseUsageMetadata | None", *, spoken: bool) -> Usage | None:
    """Tokens as they are billed: thoughts as written, what tools made of the prompt as read.

    None where it is incomplete: a chunk on the way may count the prompt alone, or nothing at all. A count of 0 is left out.
    """
    if counts is None or counts.prompt_token_count is None or (spoken and counts.candidates_token_count is None):
        return None
    read = (counts.prompt_token_count, counts.tool_use_prompt_token_count or 0)
    written = (counts.candidates_token_count or 0, counts.thoughts_token_count or 0)
    sane = all(0 <= count <= MOST_TOKENS for count in (*read, *written))
    return Usage(sum(read), sum(written)) if sane else None
