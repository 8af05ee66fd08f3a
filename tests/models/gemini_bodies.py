"""Bodies as Gemini sends them, for the tests of what the stand-in's plans do not say."""

import json
from collections.abc import Mapping
from typing import Any, Final

from tests.vendors.plan import Plan

USAGE: Final = {"promptTokenCount": 5, "candidatesTokenCount": 7}


def body(*texts: object, finish: object = "STOP", usage: object = USAGE, **more: object) -> dict[str, Any]:
    """One response, or one chunk of a stream."""
    parts = [text if isinstance(text, Mapping) else {"text": text} for text in texts]
    candidate = {"content": {"role": "model", "parts": parts}, "finishReason": finish, "index": 0} | more
    return {"candidates": [candidate], "usageMetadata": usage}


def plan_of(*chunks: object) -> Plan:
    """What Google's client reads alike as a whole answer and as a stream: JSON by lines."""
    return Plan(body="\r\n".join(json.dumps(chunk) for chunk in chunks).encode())


def error_of(code: object, status: object = "", message: object = "secret words", *details: object) -> bytes:
    """An error's body, a google.rpc.Status."""
    return json.dumps({"error": {"code": code, "status": status, "message": message, "details": list(details)}}).encode()
