"""`ion ask`: one question, one answer."""

import sys
from typing import Annotated, Any

import typer

from ion_cli.answer_stream import PATH, answer_stream
from ion_cli.answers import Writer, completed, question
from ion_cli.decoding import decoded
from ion_cli.failure import misused
from ion_cli.run import Run, argument, command, option


def add_to(app: typer.Typer) -> None:
    """Add the command."""

    @command(app, "ask")
    def ask(
        run: Run,
        words: Annotated[list[str] | None, argument("question")] = None,
        persona: Annotated[str | None, option("persona", autocompletion=completed)] = None,
        language: Annotated[str | None, option("language")] = None,
        session: Annotated[str | None, option("session")] = None,
        user: Annotated[str | None, option("user")] = None,
        country: Annotated[str | None, option("country")] = None,
        short: Annotated[bool, option("short")] = False,
        fresh: Annotated[bool, option("fresh")] = False,
        why: Annotated[bool, option("why")] = False,
    ) -> None:
        body = question(asked(words), persona, language, session, user, country, short=short, fresh=fresh)
        answer = answered(run, body)
        if why and not run.screen.json:
            run.screen.say(f"\n{answer['routing']['reasoning']}")


def asked(words: list[str] | None) -> str:
    """The question: the words, or what standard input has where there are none or `-`."""
    if words and words != ["-"]:
        return " ".join(words)
    if sys.stdin.isatty() and not words:
        raise misused("bad.no_question")
    return decoded(sys.stdin.buffer.read()).text


def answered(run: Run, body: dict[str, Any]) -> dict[str, Any]:
    """The answer, shown: as it is written to a person, whole in a pipe, where nothing can be taken back."""
    if not run.screen.live:
        answer: dict[str, Any] = run.server.post(PATH, body)
        run.screen.value(answer) if run.screen.json else run.screen.say(answer["content"])
        return answer
    writer = Writer(run.screen, run.server)
    for name, data in answer_stream(run.server, body):
        writer.take(name, data)
    return writer.answer
