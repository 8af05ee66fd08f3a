"""`ion chat`: a conversation that the set remembers."""

import locale
import os
import sys
import uuid
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Annotated

import typer

from ion_cli.answers import completed, question
from ion_cli.commands.ask import answered
from ion_cli.decoding import decoded
from ion_cli.failure import Failure
from ion_cli.run import Run, command, option
from ion_cli.texts import language, text


def add_to(app: typer.Typer) -> None:
    """Add the command."""

    @command(app, "chat")
    def chat(
        run: Run,
        persona: Annotated[str | None, option("persona", autocompletion=completed)] = None,
        language: Annotated[str | None, option("language")] = None,
        session: Annotated[str | None, option("session")] = None,
        user: Annotated[str | None, option("user")] = None,
        country: Annotated[str | None, option("country")] = None,
    ) -> None:
        talk = Chat(run, session or f"ion-{uuid.uuid4().hex}", persona, language, user, country)
        run.screen.note(text("chat.begins"))
        for line in _lines(run):
            if not talk.turn(line):
                break
        run.screen.note(text("chat.ends", session=talk.session))


@dataclass(slots=True)
class Chat:
    """One conversation: what is said in it goes with its session."""

    run: Run
    session: str
    persona: str | None
    language: str | None
    user: str | None
    country: str | None

    def turn(self, line: str) -> bool:
        """Take one line: a question, or a command that begins with a slash; False ends the conversation."""
        if line.startswith("/"):
            return self._told(*line[1:].split(maxsplit=1))
        body = question(line, self.persona, self.language, self.session, self.user, self.country)
        try:
            answered(self.run, body)
        except KeyboardInterrupt:
            self.run.screen.say()
            self.run.screen.note(text("chat.stopped"))
        except Failure as failure:
            if not self.run.screen.live:  # in a pipe the next line may build on what was not answered
                raise
            self.run.screen.fail(failure)
        return True

    def _told(self, name: str = "", value: str = "") -> bool:
        if name in ("quit", "exit", "q"):
            return False
        if name == "persona":
            self.persona = value if value and value != "auto" else None
            self.run.screen.note(text("chat.persona", persona=value or "auto"))
        elif name == "new":
            self.session = f"ion-{uuid.uuid4().hex}"
            self.run.screen.note(text("chat.new"))
        else:
            self.run.screen.note(text("chat.help"))
        return True


def _lines(run: Run) -> Iterator[str]:
    """The lines that somebody types, or those of a pipe; empty ones are passed over."""
    if sys.stdin.isatty():
        _edited()
        typed = _typed(text("chat.prompt") if run.screen.live else "")
    else:
        typed = iter(decoded(sys.stdin.buffer.read()).text.splitlines())
    yield from (line.strip() for line in typed if line.strip())


def _edited() -> None:
    """Let input() edit lines and remember them.

    GNU readline takes each byte beyond ASCII for a command where the locale is none of this machine's, as it is in many
    containers and over SSH; then it is told of one that there is.
    """
    language()  # as the locale says, before that is changed
    with suppress(locale.Error):
        locale.setlocale(locale.LC_CTYPE, "")
    if sys.stdin.encoding.lower() == "utf-8" and locale.nl_langinfo(locale.CODESET) != "UTF-8":
        os.environ["LC_ALL"] = "C.UTF-8"
    import readline  # noqa: F401


def _typed(prompt: str) -> Iterator[str]:
    while True:
        try:
            yield input(prompt)
        except EOFError:
            print()
            return
