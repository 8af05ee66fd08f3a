"""Questions as they are sent, and answers as a person sees them being written."""

from typing import Any, Final

import httpx2

from ion_cli.failure import Failure
from ion_cli.screen import Screen
from ion_cli.server import Server
from ion_cli.settings import settings
from ion_cli.texts import language, text

AT_ONCE_S: Final = 1.0  # seconds that somebody waits for a completion or a name


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

    def __init__(self, screen: Screen, server: Server) -> None:
        self.answer: dict[str, Any] = {}
        self._screen = screen
        self._server = server
        self._begun = False

    def take(self, name: str, data: dict[str, Any]) -> None:
        """Show one event of the stream; what was written before a second `routing` does not count."""
        if name == "routing":
            if self._begun:
                self._screen.say("\n")
                self._screen.note(text("answer.anew"))
            self._begun = True
            self._screen.head(self._called(str(data.get("persona_used", ""))))
        elif name == "delta":
            self._screen.say(str(data.get("text", "")), end="")
        elif name == "done":
            self._screen.say()
            self.answer = data
            if degraded := (data.get("metadata") or {}).get("degraded"):
                self._screen.note(text("answer.degraded", parts=", ".join(map(str, degraded))))

    def _called(self, persona: str) -> str:
        """The persona's name in the language of the locale; answers have the English one."""
        if language() == "en" or self._screen.quiet:
            return persona
        return next((one["name"][language()] for one in personas(self._server) if one["name"]["en"] == persona), persona)


def completed(incomplete: str) -> list[str]:
    """The personas of the set that begin so, for the shell."""
    try:
        with Server(settings(None, None)) as server:
            return [one["id"] for one in personas(server) if one["id"].startswith(incomplete)]
    except Failure:  # of the settings
        return []


def personas(server: Server) -> list[dict[str, Any]]:
    """The cards of the set; none where they do not come at once."""
    try:
        found = server.client.get("/api/v2/personas", timeout=AT_ONCE_S).json()
        return [one for one in found if one["id"] and one["name"]["en"] and one["name"]["ko"]]
    except (httpx2.HTTPError, ValueError, KeyError, TypeError):
        return []
