"""Requests as they are sent, and what is expected of their answers."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from loadtests.questions import Question

Form = Literal["answer", "stream", "v1", "recommend", "bulk", "page", "error"]

PROCESS: Final = "/api/v2/process"
STREAM: Final = "text/event-stream"
SERVED: Final = 200


@dataclass(frozen=True, slots=True)
class Asked:
    """One request; `endpoint` is its row in a report, `marker` a word that only its own user wrote.

    `form` is what its answer has to be: for "error" the error form, with `status` and `code`. `alone` is true where the answer
    depends on nothing but the question.
    """

    endpoint: str
    form: Form
    method: str
    path: str
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    questions: tuple[Question, ...] = ()
    status: int = SERVED
    code: str | None = None
    alone: bool = False
    marker: str | None = None

    @property
    def request_id(self) -> str | None:
        """The id that the answer has to carry."""
        return self.headers.get("x-request-id")


@dataclass(frozen=True, slots=True)
class Got:
    """The whole of an answer; `status` 0 is none at all, for the reason in `failure`.

    Times are in milliseconds; `request_id` is the one that its header says.
    """

    status: int
    body: bytes
    ms: float
    first_ms: float | None = None
    request_id: str | None = None
    failure: str = ""


def posted(endpoint: str, form: Form, path: str, body: Any, headers: Mapping[str, str], **more: Any) -> Asked:
    """A POST of JSON."""
    sent = json.dumps(body, ensure_ascii=False).encode()
    return Asked(endpoint, form, "POST", path, sent, {"content-type": "application/json", **headers}, **more)
