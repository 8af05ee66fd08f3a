"""Requests that are bad on purpose, each with the error that it has to get.

A credential that does not hold is not among them: sixty a minute shut the door to all who come from one address.
"""

import random
from collections.abc import Mapping
from typing import Any, Final

from loadtests.asking import PROCESS, Asked, posted

ENDPOINT: Final = "bad on purpose"
BULK: Final = "/api/v2/bulk-process"
TOO_LONG: Final = 4_001

BODIES: Final[tuple[tuple[str, Any, int, str], ...]] = (
    (PROCESS, {"user_input": "   "}, 400, "INVALID_INPUT"),
    (PROCESS, {"user_input": "Who is there?", "persona": "nobody"}, 404, "INVALID_PERSONA"),
    (PROCESS, {"user_input": "Which key?", "resonance_key": "loud-quick-nothing"}, 422, "VALIDATION_ERROR"),
    (PROCESS, {"user_input": "x" * TOO_LONG}, 422, "VALIDATION_ERROR"),
    ("/api/v2/nowhere", {"user_input": "Is anybody here?"}, 404, "NOT_FOUND"),
)


def mistake(dice: random.Random, headers: Mapping[str, str], mentee: str | None) -> Asked:
    """One of them; `mentee` is a key that may not send many."""
    place = dice.randrange(len(BODIES) + (4 if mentee else 3))
    if place < len(BODIES):
        path, body, status, code = BODIES[place]
        return posted(ENDPOINT, "error", path, body, headers, status=status, code=code)
    return _odd(place - len(BODIES), headers, mentee)


def _odd(place: int, headers: Mapping[str, str], mentee: str | None) -> Asked:
    json_type = {"content-type": "application/json"}
    if place == 0:
        return Asked(ENDPOINT, "error", "POST", PROCESS, b"{", {**json_type, **headers}, status=400, code="INVALID_JSON")
    if place == 1:
        text = {"content-type": "text/plain"}
        return Asked(
            ENDPOINT, "error", "POST", PROCESS, b"hello", {**text, **headers}, status=415, code="UNSUPPORTED_MEDIA_TYPE"
        )
    if place == 2:
        return Asked(ENDPOINT, "error", "DELETE", PROCESS, b"", headers, status=405, code="METHOD_NOT_ALLOWED")
    few = {"requests": [{"user_input": "May a mentee do that?"}]}
    return posted(ENDPOINT, "error", BULK, few, {**headers, "x-api-key": mentee or ""}, status=403, code="FORBIDDEN")
