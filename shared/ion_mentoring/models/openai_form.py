"""The forms of OpenAI's chat completions: what is sent, and what a body or a chunk says."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from msgspec import Struct
from pydantic_core import from_json

from ion_mentoring.models.endings import Ending, ending_of
from ion_mentoring.models.protocol import Prompt
from ion_mentoring.usage.meter import Usage

LIMIT: Final = "max_tokens"
NEWER_LIMIT: Final = "max_completion_tokens"
NO_QUOTA: Final = "insufficient_quota"  # a 429 that no waiting helps
# What some servers do not take, and we can do without.
OPTIONAL: Final = (LIMIT, "temperature", "stream_options", "reasoning_effort")
MOST_TOKENS: Final = 100_000_000  # in one answer: more is no count, and no ledger could hold it

# Servers agree on the form of an error and not on its kinds: OpenAI and Azure have codes, llama.cpp types, vLLM words alone.
_FILTERED: Final = frozenset({"content_filter", "content_policy_violation", "ResponsibleAIPolicyViolation"})
_TOO_LONG: Final = frozenset({"context_length_exceeded", "exceed_context_size_error", "string_above_max_length"})
_TOO_LONG_SAID: Final = re.compile(r"context (length|size|window)", re.IGNORECASE)
_UNSUPPORTED: Final = frozenset({"unsupported_parameter", "unsupported_value", "extra_forbidden"})
_UNSUPPORTED_SAID: Final = re.compile(r"unsupported|not supported|does not support|extra_forbidden", re.IGNORECASE)
_KNOWN: Final = frozenset({NO_QUOTA, "invalid_api_key", "model_not_found", "rate_limit_exceeded"})  # what a log may say


class Problem(Struct, frozen=True):
    """An error form: the status that it is about, and what can be told from it without repeating its words."""

    status: int
    kind: str = ""
    filtered: bool = False
    too_long: bool = False
    unsupported: frozenset[str] = frozenset()


class Said(Struct, frozen=True):
    """The content of one body or chunk: text, thoughts beside it, the vendor's count, why it ended, or what went wrong."""

    text: str = ""
    thought: str = ""
    usage: Usage | None = None
    ending: Ending | None = None
    problem: Problem | None = None


def asked(model: str, prompt: Prompt, *, thinking: str | None, streaming: bool, without: frozenset[str]) -> dict[str, Any]:
    """The request for a prompt, without the optional parameters that its server is known not to take."""
    messages = [{"role": message.role, "content": message.content} for message in prompt.turns]
    limit = prompt.generation.output_tokens(light=prompt.mode == "summary_light")
    form: dict[str, Any] = {"model": model, "messages": [{"role": "system", "content": prompt.system}, *messages]}
    form[NEWER_LIMIT if LIMIT in without else LIMIT] = limit
    form["temperature"] = prompt.generation.temperature
    if thinking:
        form["reasoning_effort"] = thinking
    if streaming:
        form |= {"stream": True, "stream_options": {"include_usage": True}}
    return {name: value for name, value in form.items() if name not in without}


def said(text: str | bytes) -> Said:
    """The content of a body or a chunk; ValueError if it has not the form of one."""
    form = from_json(text)
    if not isinstance(form, Mapping):
        raise ValueError("no object")
    if form.get("error") or "error" in (form.get("object"), form.get("type")):
        return Said(problem=_problem(form, _status(form.get("error") or form)), usage=_usage(form.get("usage")))
    choice = _first(form.get("choices"))
    spoken = choice.get("delta") or choice.get("message") or {}
    if not isinstance(spoken, Mapping):
        raise ValueError("no message")
    ending = "filtered" if spoken.get("refusal") else ending_of(choice.get("finish_reason"))
    return Said(_text(spoken.get("content")), _thought(spoken), _usage(form.get("usage")), ending)


def problem_in(body: bytes, status: int) -> Problem:
    """The problem of a response with an error status, whose body may be anything."""
    try:
        return _problem(from_json(body), status)
    except ValueError:
        return Problem(status)


def _problem(form: object, status: int) -> Problem:
    """The problem of an error form, in whichever dialect: some have no `error` around it, some only a text in it."""
    error = form.get("error", form) if isinstance(form, Mapping) else form
    error = error if isinstance(error, Mapping) else {"message": error}
    kinds = {kind for kind in (error.get("code"), error.get("type"), *_inner_kinds(error)) if isinstance(kind, str)}
    message = str(error.get("message"))
    return Problem(
        status,
        min(kinds & _KNOWN, default=""),
        filtered=bool(kinds & _FILTERED),
        too_long=bool(kinds & _TOO_LONG) or bool(_TOO_LONG_SAID.search(message)),
        unsupported=_unsupported(kinds, message, error.get("param")),
    )


def _inner_kinds(error: Mapping[str, Any]) -> Iterator[object]:
    """The kinds that stand deeper: Azure's inner code, and moderation by OpenRouter, which only shows by its reasons."""
    inner, metadata = error.get("innererror"), error.get("metadata")
    if isinstance(inner, Mapping):
        yield inner.get("code")
    if isinstance(metadata, Mapping) and metadata.get("reasons"):
        yield "content_filter"


def _unsupported(kinds: set[str], message: str, parameter: object) -> frozenset[str]:
    """The optional parameters that the error says are not taken at all: not those of which only the value is wrong."""
    if not (kinds & _UNSUPPORTED or _UNSUPPORTED_SAID.search(message)):
        return frozenset()
    if isinstance(parameter, str):
        return frozenset({parameter}) & frozenset(OPTIONAL)
    return frozenset(name for name in OPTIONAL if re.search(rf"\b{name}\b", message))


def _status(error: object) -> int:
    """The status that an error in a 200 is about, where it says one; 502 is what a gateway would have said."""
    code = error.get("code") if isinstance(error, Mapping) else None
    return code if isinstance(code, int) and 400 <= code < 600 else 502


def _first(choices: object) -> Mapping[str, Any]:
    """The first choice, of which there is none in a chunk that only counts, or only says that the server lives."""
    given = [] if choices is None else choices
    if not isinstance(given, list) or not all(isinstance(choice, Mapping | None) for choice in given):
        raise ValueError("no choices")
    return next((choice for choice in given if choice and choice.get("index") in (None, 0)), {})


def _text(content: object) -> str:
    """The text of a content, which some servers send in parts, thoughts among them."""
    if isinstance(content, list):
        return "".join(_text(part.get("text")) for part in content if isinstance(part, Mapping) and part.get("type") == "text")
    if content is None or isinstance(content, str):
        return content or ""
    raise ValueError("no text")


def _thought(spoken: Mapping[str, Any]) -> str:
    """Thoughts beside the text, under either of the names that servers have for them."""
    thought = spoken.get("reasoning_content") or spoken.get("reasoning")
    return thought if isinstance(thought, str) else ""


def _usage(form: object) -> Usage | None:
    """The vendor's count; thoughts are in its completion tokens already. None where it is incomplete: then we estimate."""
    counts = (form.get("prompt_tokens"), form.get("completion_tokens")) if isinstance(form, Mapping) else ()
    read, written = (count if type(count) is int and 0 <= count <= MOST_TOKENS else None for count in counts or (None, None))
    return None if read is None or written is None else Usage(read, written)
