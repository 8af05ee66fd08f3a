"""The wire of Gemini's generateContent, as documented for the Gemini API and for Vertex AI, for the stand-in vendor."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from tests.vendors.plan import Answer, Event, Plan, Request

# The Gemini API: /v1/models/M:generateContent; Vertex AI has projects, locations and publishers before that.
PATH: Final = re.compile(
    r"^/v1\w*/(?:projects/[^/]+/locations/[^/]+/publishers/google/)?models/[^/:]+:(?:generateContent|streamGenerateContent)$"
)
FINISH: Final = {"stop": "STOP", "length": "MAX_TOKENS", "filter": "SAFETY"}
CODES: Final = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    503: "UNAVAILABLE",
    504: "DEADLINE_EXCEEDED",
}
ROLES: Final = ("user", "model")


class GeminiWire:
    """`generateContent` and `streamGenerateContent?alt=sse`. An error's kind is its status; `param` a RetryInfo's delay."""

    def takes(self, path: str) -> bool:
        """Whether it is one of the paths of a model."""
        return PATH.match(path) is not None

    def refusal(self, request: Request) -> Plan | None:
        """400 for a body without contents, or whose turns do not alternate beginning with the user."""
        contents = request.body.get("contents") if isinstance(request.body, Mapping) else None
        if not contents or [content.get("role") for content in contents] != _alternating(len(contents)):
            return Plan(status=400, error="INVALID_ARGUMENT")
        if request.path.endswith("streamGenerateContent") and "alt=sse" not in request.query:
            return Plan(status=400, error="INVALID_ARGUMENT")
        return None

    def texts(self, request: Request) -> Sequence[str]:
        """The texts of the instruction and of all turns."""
        contents = [*request.body["contents"], request.body.get("systemInstruction") or {}]
        return [part["text"] for content in contents for part in content.get("parts", ()) if "text" in part]

    def streams(self, request: Request) -> bool:
        """Whether the path is the streaming one."""
        return request.path.endswith("streamGenerateContent")

    def whole(self, answer: Answer) -> bytes:
        """One GenerateContentResponse."""
        return json.dumps(_response(answer, answer.plan.text, len(answer.plan.pieces), ends=True), ensure_ascii=False).encode()

    def events(self, answer: Answer) -> Iterator[Event]:
        """Responses of a piece each, the last of them with the reason of the end."""
        plan = answer.plan
        for number, piece in enumerate(plan.pieces, 1):
            yield _event(_response(answer, piece, number, ends=False), piece=True)
        if plan.error:
            yield _event(_error(plan))
            return
        yield _event(_response(answer, "", len(plan.pieces), ends=True))

    def error(self, answer: Answer) -> bytes:
        """A google.rpc.Status."""
        return json.dumps(_error(answer.plan)).encode()


def _alternating(length: int) -> list[str]:
    return [ROLES[place % 2] for place in range(length)]


def _response(answer: Answer, text: str, pieces: int, *, ends: bool) -> dict[str, Any]:
    plan = answer.plan
    form: dict[str, Any] = {"modelVersion": "stand-in", "responseId": answer.request.id}
    if plan.finish == "filter" and not plan.pieces:
        form["promptFeedback"] = {"blockReason": "SAFETY"}
    else:
        candidate: dict[str, Any] = {"index": 0}
        if text:
            candidate["content"] = {"role": "model", "parts": _parts(plan, text)}
        if ends and plan.finish:
            candidate["finishReason"] = FINISH[plan.finish]
        form["candidates"] = [candidate]
    if plan.usage == "each" or (ends and plan.usage == "end"):
        form["usageMetadata"] = _usage(answer, pieces)
    return form


def _parts(plan: Plan, text: str) -> list[dict[str, Any]]:
    """The text, after a thought that nobody is to see."""
    thought = [{"text": "Let me think.", "thought": True}] if plan.thought_tokens else []
    return [*thought, {"text": text}]


def _usage(answer: Answer, pieces: int) -> dict[str, int]:
    written = pieces * answer.plan.tokens_a_piece
    thought = answer.plan.thought_tokens
    counts = {"promptTokenCount": answer.input_tokens, "candidatesTokenCount": written}
    return {**counts, "thoughtsTokenCount": thought, "totalTokenCount": answer.input_tokens + written + thought}


def _error(plan: Plan) -> dict[str, Any]:
    status = plan.status if plan.refuses else 500
    message = "The input token count (9999999) exceeds the maximum" if plan.error == "TOO_LONG" else "no"
    error: dict[str, Any] = {"code": status, "message": f"{message}. You sent: {'secret words ' * 2}"}
    error["status"] = plan.error if plan.error in CODES.values() else CODES.get(status, "UNKNOWN")
    if plan.param:
        error["details"] = [{"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": plan.param}]
    return {"error": error}


def _event(form: Mapping[str, Any], *, piece: bool = False) -> Event:
    return Event(b"data: " + json.dumps(form, ensure_ascii=False).encode() + b"\r\n\r\n", piece)
