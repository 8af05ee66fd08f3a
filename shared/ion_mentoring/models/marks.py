"""The marks by which models and chat templates set apart what is not of an answer."""

import re
from collections.abc import Mapping
from typing import Final, Literal

Kind = Literal["open", "close", "end", "header", "message", "nothing"]

_TAGS: Final = ("think", "thinking", "thought", "thoughts", "reasoning", "reflection", "scratchpad", "seed:think")
_OPEN: Final = (
    *(f"<{tag}>" for tag in _TAGS),
    *("[think]", "◁think▷", "<|begin_of_thought|>", "<|start_thinking|>", "<|channel>thought"),
)
_CLOSE: Final = (
    *(f"</{tag}>" for tag in _TAGS),
    *("[/think]", "◁/think▷", "<|end_of_thought|>", "<|end_thinking|>", "<channel|>"),
)
_END: Final = (  # of a turn, or the beginning of somebody else's
    *("<|im_end|>", "<|eot_id|>", "<|eom_id|>", "<|eos|>", "<eos>", "</s>", "<|end|>", "<|return|>", "<|call|>"),
    *("<|endoftext|>", "<|end_of_text|>", "<|end_of_turn|>", "<end_of_turn>", "<turn|>", "<|end_of_turn_token|>"),
    *("<|end_of_solution|>", "<|end_response|>", "<｜end▁of▁sentence｜>", "<|im_start|>", "<start_of_turn>"),
    *("<|user|>", "<｜user｜>", "<|start_header_id|>"),
)
_NOTHING: Final = (
    *("<s>", "<bos>", "<|begin_of_text|>", "<｜begin▁of▁sentence｜>", "<|begin_of_solution|>", "<|start_response|>"),
    *("<|im_start|>assistant\n", "<|im_start|>assistant", "<start_of_turn>model\n", "<start_of_turn>model"),
    *("<|assistant|>", "<｜assistant｜>", "<|start_header_id|>assistant<|end_header_id|>"),
)
KINDS: Final[Mapping[str, Kind]] = {
    **dict.fromkeys(_OPEN, "open"),
    **dict.fromkeys(_CLOSE, "close"),
    **dict.fromkeys(_END, "end"),
    **dict.fromkeys(_NOTHING, "nothing"),
    **dict.fromkeys(("<|start|>", "<|channel|>"), "header"),
    "<|message|>": "message",
}
MARK: Final = re.compile("|".join(map(re.escape, sorted(KINDS, key=len, reverse=True))), re.IGNORECASE)
_FIRST: Final = re.compile("|".join(sorted({re.escape(mark[0]) for mark in KINDS})))
_LONGEST: Final = max(map(len, KINDS))


def begun(text: str, start: int) -> int:
    """The place from `start` on where a mark may have begun at the end of a text; its length where none has."""
    for found in _FIRST.finditer(text, max(start, len(text) - _LONGEST)):
        tail = text[found.start() :].lower()
        if any(mark.startswith(tail) for mark in KINDS):
            return found.start()
    return len(text)
