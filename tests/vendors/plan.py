"""What a stand-in vendor is asked, what a test has it do, and what a wire has to render of that."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from tests.vendors.loading import Loading

Finish = Literal["stop", "length", "filter"]
Stop = Literal["abort", "close", "end", "hang"]


@dataclass(frozen=True, slots=True)
class Request:
    """One request as the vendor got it; `id` is the vendor's own, header names are in lower case, `body` is its JSON."""

    id: str
    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: Any


@dataclass(frozen=True, slots=True)
class Plan:
    """What the vendor does with one request. Times are in seconds, tokens are what its books and its usage say.

    `pieces` is the text as it is written, each piece `tokens_a_piece`, after `thought_tokens` that nobody sees; `first_s`
    passes before the first piece and `delay_s` before every other one. `input_tokens` None: counted from the request.
    `finish` None: it never says why it ended. `usage` says when it tells its counts: at the end, with each piece, or never.

    `status` from 400 on is an error: `error` is its kind in the wire's own words (a code, a reason), `param` what it is about,
    and nothing is billed; `error` with status 200 comes instead of the end of a stream. `headers` are added to the response;
    one without a value takes one away.

    What is broken: `body` replaces the wire's body; after `stop_after` bytes of body the vendor aborts the connection (`then`:
    abort), closes it (close), ends the response as if that were all (end), or says nothing more (hang). `slice_bytes` makes
    one chunk of every so many bytes, `slice_s` apart. `raw` is written instead of an HTTP response, and the connection
    closed. `silent`: no response at all while the client waits. `loading`: none before the model is loaded.
    """

    pieces: tuple[str, ...] = ("A short", " answer", ".")
    tokens_a_piece: int = 3
    thought_tokens: int = 0
    input_tokens: int | None = None
    first_s: float = 0.0
    delay_s: float = 0.0
    finish: Finish | None = "stop"
    usage: Literal["end", "each", "never"] = "end"

    status: int = 200
    error: str = ""
    param: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)

    body: bytes | None = None
    stop_after: int | None = None
    then: Stop = "abort"
    slice_bytes: int | None = None
    slice_s: float = 0.0
    raw: bytes | None = None
    silent: bool = False
    loading: Loading | None = None

    @property
    def text(self) -> str:
        """The whole text."""
        return "".join(self.pieces)

    @property
    def refuses(self) -> bool:
        """Whether it answers with an error status, for which nobody pays."""
        return self.status >= 400


@dataclass(frozen=True, slots=True)
class Answer:
    """A plan for a request, with what the vendor counted in it: what a wire renders."""

    request: Request
    plan: Plan
    input_tokens: int

    def output_tokens(self, pieces: int | None = None) -> int:
        """Tokens of all thoughts and of the first `pieces`, by default of all."""
        written = len(self.plan.pieces) if pieces is None else pieces
        return self.plan.thought_tokens + written * self.plan.tokens_a_piece


@dataclass(frozen=True, slots=True)
class Event:
    """Bytes of a streamed body; `piece` if one piece of the text is in them (it is paced, and billed once it is written)."""

    body: bytes
    piece: bool = False


@dataclass(frozen=True, slots=True)
class Billed:
    """What a vendor charges for: tokens of one request, or of many together."""

    input_tokens: int = 0
    output_tokens: int = 0

    def __add__(self, other: "Billed") -> "Billed":
        return Billed(self.input_tokens + other.input_tokens, self.output_tokens + other.output_tokens)


class Wire(Protocol):
    """One vendor's format. It renders; waiting, cutting and billing are the server's."""

    def takes(self, path: str) -> bool:
        """Whether a POST to this path (without query) is one of this vendor's."""

    def refusal(self, request: Request) -> Plan | None:
        """The error with which the vendor meets a request that its documentation does not allow, None for a good one."""

    def texts(self, request: Request) -> Sequence[str]:
        """Every text in the request that the vendor reads, for counting."""

    def streams(self, request: Request) -> bool:
        """Whether the request wants a stream of server-sent events."""

    def whole(self, answer: Answer) -> bytes:
        """The body of a whole answer."""

    def events(self, answer: Answer) -> Iterator[Event]:
        """The body of a streamed answer: one Event with `piece` for each of the plan's pieces, others around them."""

    def error(self, answer: Answer) -> bytes:
        """The body of a response with an error status."""


def counted_tokens(texts: Sequence[str]) -> int:
    """What the stand-in counts as the tokens of texts: four bytes of UTF-8 each."""
    return sum(math.ceil(len(text.encode()) / 4) for text in texts)
