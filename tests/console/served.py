"""Answers that a test makes up, in place of the router's."""

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route


def answers_with(page: "Page", *answers: tuple[int, object]) -> None:
    """Lets the next questions be answered with these, as the server would."""
    left = list(answers)

    def fulfil(route: "Route") -> None:
        if not left:
            return route.fallback()
        status, body = left.pop(0)
        if isinstance(body, str):
            return route.fulfill(status=status, content_type="text/event-stream", body=body)
        return route.fulfill(status=status, json=body, headers={"retry-after": "2"} if status == 429 else {})

    page.route("**/api/v2/process", fulfil)


def streamed(content: str, **metadata: object) -> str:
    """A whole stream."""
    routing = {
        "primary_persona": "Lua",
        "secondary_persona": "Nana",
        "scores": {"lua": 1},
        "contributions": {},
        "reasoning": "",
    }
    began = {"persona_used": "Lua", "resonance_key": "calm-medium-learning", "routing": {**routing, "counterfactual": None}}
    done = {**began, "content": content, "metadata": metadata, "request_id": "r-1"}
    events = (("routing", began), ("delta", {"text": content}), ("done", done))
    return "".join(f"event: {name}\ndata: {json.dumps(data)}\n\n" for name, data in events)
