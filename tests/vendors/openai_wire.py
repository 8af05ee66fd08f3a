"""The wire of OpenAI's chat completions, as documented, for the stand-in vendor."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from tests.vendors.plan import Answer, Event, Plan, Request

PATH: Final = "/v1/chat/completions"
FINISH: Final = {"stop": "stop", "length": "length", "filter": "content_filter"}
ROLES: Final = ("system", "developer", "user", "assistant")
CREATED: Final = 1_790_000_000  # unix seconds; nobody reads it


class OpenAIWire:
    """`POST /v1/chat/completions`, whole and streamed; an error's kind is the `code` of its body."""

    def takes(self, path: str) -> bool:
        """Whether it is the path of chat completions."""
        return path == PATH

    def refusal(self, request: Request) -> Plan | None:
        """400 for a body without what the documentation requires, or with what it forbids together."""
        body = request.body
        if not isinstance(body, Mapping) or not isinstance(body.get("model"), str):
            return Plan(status=400, error="missing_required_parameter", param="model")
        messages = body.get("messages")
        if not messages or not all(_is_message(message) for message in messages):
            return Plan(status=400, error="invalid_value", param="messages")
        if "stream_options" in body and not body.get("stream"):
            return Plan(status=400, error="invalid_value", param="stream_options")
        if "max_tokens" in body and "max_completion_tokens" in body:
            return Plan(status=400, error="invalid_parameter_combination", param="max_tokens")
        return None

    def texts(self, request: Request) -> Sequence[str]:
        """The contents of all messages."""
        return [message["content"] for message in request.body["messages"]]

    def streams(self, request: Request) -> bool:
        """Whether `stream` is set."""
        return request.body.get("stream") is True

    def whole(self, answer: Answer) -> bytes:
        """A `chat.completion`."""
        message = {"role": "assistant", "content": answer.plan.text, "refusal": None}
        choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": _finish(answer.plan)}
        form = _form(answer, "chat.completion") | {"choices": [choice]}
        if answer.plan.usage != "never":
            form["usage"] = _usage(answer, len(answer.plan.pieces))
        return json.dumps(form, ensure_ascii=False).encode()

    def events(self, answer: Answer) -> Iterator[Event]:
        """Chunks: the role, the pieces, the reason of the end, the usage where it was asked for, and `[DONE]`."""
        plan = answer.plan
        yield _event(_chunk(answer, {"role": "assistant", "content": ""}, 0))
        for number, piece in enumerate(plan.pieces, 1):
            yield _event(_chunk(answer, {"content": piece}, number), piece=True)
        if plan.error:
            yield _event(_error(plan))
            return
        if plan.finish:
            yield _event(_chunk(answer, {}, len(plan.pieces), _finish(plan)))
        wanted = (answer.request.body.get("stream_options") or {}).get("include_usage")
        if wanted and plan.usage != "never":
            yield _event(_form(answer, "chat.completion.chunk") | {"choices": [], "usage": _usage(answer, len(plan.pieces))})
        yield Event(b"data: [DONE]\n\n")

    def error(self, answer: Answer) -> bytes:
        """The error form, with the plan's kind as code."""
        return json.dumps(_error(answer.plan)).encode()


def _is_message(message: Any) -> bool:
    return isinstance(message, Mapping) and message.get("role") in ROLES and isinstance(message.get("content"), str)


def _finish(plan: Plan) -> str | None:
    return FINISH[plan.finish] if plan.finish else None


def _form(answer: Answer, kind: str) -> dict[str, Any]:
    model = answer.request.body["model"]
    return {"id": f"chatcmpl-{answer.request.id}", "object": kind, "created": CREATED, "model": model}


def _chunk(answer: Answer, delta: Mapping[str, str], pieces: int, finish: str | None = None) -> dict[str, Any]:
    choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
    form = _form(answer, "chat.completion.chunk") | {"choices": [choice]}
    return form | {"usage": _usage(answer, pieces)} if answer.plan.usage == "each" else form


def _usage(answer: Answer, pieces: int) -> dict[str, Any]:
    written = answer.output_tokens(pieces)
    return {
        "prompt_tokens": answer.input_tokens,
        "completion_tokens": written,
        "total_tokens": answer.input_tokens + written,
        "completion_tokens_details": {"reasoning_tokens": answer.plan.thought_tokens},
    }


def _error(plan: Plan) -> dict[str, Any]:
    kind = "invalid_request_error" if 400 <= plan.status < 500 else "server_error"
    message = f"{plan.error}: {plan.param}. You sent: {'secret words ' * 2}"  # vendors do quote what they were sent
    return {"error": {"message": message, "type": kind, "param": plan.param, "code": plan.error or None}}


def _event(form: Mapping[str, Any], *, piece: bool = False) -> Event:
    return Event(b"data: " + json.dumps(form, ensure_ascii=False).encode() + b"\n\n", piece)
