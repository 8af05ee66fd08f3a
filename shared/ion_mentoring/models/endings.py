"""The reasons for which vendors say that an answer ended, and what each means for it."""

from collections.abc import Mapping
from typing import Final, Literal

Ending = Literal["whole", "cut_short", "filtered", "broken"]

_WHOLE: Final = (
    *("stop", "stopped", "stop_sequence", "stop_token", "stop_string", "end", "end_turn", "endoftext", "end_of_text"),
    *("eos", "eos_token", "complete", "completed", "finish", "finished", "done", "normal"),
)
_CUT_SHORT: Final = (
    *("length", "max_length", "max_len", "limit", "token_limit", "time_limit", "model_length", "incomplete"),
    *("max_tokens", "max_token", "max_output_tokens", "max_completion_tokens", "max_new_tokens"),
    *("context_length", "context_length_exceeded", "model_context_window_exceeded"),
)
_FILTERED: Final = (
    *("content_filter", "content_filtered", "content_filtering", "filtered", "guardrail", "guardrail_intervened", "sensitive"),
    *("safety", "recitation", "refusal", "blocklist", "prohibited_content", "spii", "error_toxic", "moderation"),
    *("language", "model_armor", "escalation"),
)
_NOT_YET: Final = frozenset({"", "null", "none", "not_finished", "unspecified"})
_ENDINGS: Final[Mapping[str, Ending]] = {
    **dict.fromkeys(_WHOLE, "whole"),
    **dict.fromkeys(_CUT_SHORT, "cut_short"),
    **dict.fromkeys(_FILTERED, "filtered"),
}


def ending_of(reason: object) -> Ending | None:
    """The ending that a reason is, in any case and spelling; None where it is none yet, `broken` where it is no good one."""
    if not isinstance(reason, str):
        return None
    name = reason.strip().casefold().replace("-", "_").replace(" ", "_")
    name = name.removeprefix("finish_reason_").removeprefix("reason_")
    return None if name in _NOT_YET else _ENDINGS.get(name, "broken")
