"""`ion personas`: who answers."""

from typing import Annotated, Any
from urllib.parse import quote

import typer

from ion_cli.answers import completed
from ion_cli.run import Run, argument, command
from ion_cli.texts import language, text

PATH = "/api/v2/personas"


def add_to(app: typer.Typer) -> None:
    """Add the command."""

    @command(app, "personas")
    def personas(run: Run, name: Annotated[str | None, argument("persona", autocompletion=completed)] = None) -> None:
        found = run.server.get(f"{PATH}/{quote(name, safe='')}" if name else PATH)
        if run.screen.json:
            run.screen.value(found)
        elif name:
            _card(run, found)
        else:
            heads = [text(f"head.{head}") for head in ("id", "name", "role", "tones")]
            run.screen.table(
                heads, [(one["id"], *_of(one, "name", "role"), ", ".join(one["preferred_tones"])) for one in found]
            )


def _card(run: Run, card: dict[str, Any]) -> None:
    name, role, about, never = _of(card, "name", "role", "description", "never")
    run.screen.head(f"{card['emoji']} {name} ({card['id']})")
    rows = [
        (text("head.role"), role),
        (text("head.about"), about),
        (text("head.never"), never),
        (text("head.tones"), ", ".join(card["preferred_tones"])),
        (text("head.strengths"), ", ".join(card["strengths"])),
    ]
    run.screen.table(("", ""), rows)


def _of(card: dict[str, Any], *names: str) -> tuple[str, ...]:
    return tuple(str(card[name][language()]) for name in names)
