"""Questions as they are sent, and answers as a person sees them being written."""

from typing import Any, Final

import httpx2

from ion_cli.failure import Failure
from ion_cli.screen import Screen
from ion_cli.server import Server
from ion_cli.settings import settings
from ion_cli.texts import text

COMPLETES_S: Final = 1.0  # seconds that somebody waits for a completion


def question(
    words: str,
    persona: str | None = None,
    language: str | None = None,
    session: str | None = None,
    user: str | None = None,
    country: str | None = None,
    *,
    short: bool = False,
    fresh: bool = False,
) -> dict[str, Any]:
    """The body of a question; what is not said is left to the set."""
    context = {"session_id": session, "user_id": user, "country": country}
    body = {
        "user_input": words,
        "persona": persona,
        "language": language,
        "context": {name: value for name, value in context.items() if value},
        "prompt_mode": "summary_light" if short else None,
        "use_cache": False if fresh else None,
    }
    return {name: value for name, value in body.items() if value not in (None, {})}


class Writer:
    """An answer being written to a person. `answer` is there in the end."""

    def __init__(self, screen: Screen) -> None:
        self.answer: dict[str, Any] = {}
        self._screen = screen
        self._begun = False

    def take(self, name: str, data: dict[str, Any]) -> None:
        """Show one event of the stream; what was written before a second `routing` does not count."""
        if name == "routing":
            if self._begun:
                self._screen.say("\n")
                self._screen.note(text("answer.anew"))
            self._begun = True
            self._screen.head(str(data.get("persona_used", "")))
        elif name == "delta":
            self._screen.say(str(data.get("text", "")), end="")
        elif name == "done":
            self._screen.say()
            self.answer = data
            if degraded := (data.get("metadata") or {}).get("degraded"):
                self._screen.note(text("answer.degraded", parts=", ".join(map(str, degraded))))


def completed(incomplete: str) -> list[str]:
    """The personas of the set that begin so, for the shell; none where it does not answer at once."""
    try:
        with Server(settings(None, None)) as server:
            found = server.client.get("/api/v2/personas", timeout=COMPLETES_S).json()
        return [one["id"] for one in found if one["id"].startswith(incomplete)]
    except (httpx2.HTTPError, Failure, ValueError, KeyError, TypeError):
        return []
