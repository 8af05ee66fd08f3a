"""`ion`: the commands, and how a run of them ends."""

import sys
from collections.abc import Sequence
from typing import Final

import typer
from typer.main import get_command

from ion_cli.commands import ask, batch, cache, chat, experiments, flags, keys, login, personas, status, trace
from ion_cli.failure import Exit, Failure
from ion_cli.help import IonGroup
from ion_cli.screen import Screen, tolerant
from ion_cli.texts import text

NAME: Final = "ion"


def app() -> typer.Typer:
    """The program."""
    made = typer.Typer(cls=IonGroup, help=text("help.ion"), no_args_is_help=True, pretty_exceptions_enable=False)
    for one in (ask, chat, batch, personas, status, trace, cache, flags, experiments, keys, login):
        one.add_to(made)
    return made


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program; its exit code."""
    tolerant()
    sent = list(sys.argv[1:] if arguments is None else arguments)
    try:
        return int(get_command(app()).main(sent, prog_name=NAME, standalone_mode=False) or 0)
    except typer.TyperException as error:
        if type(error).__name__ == "NoArgsIsHelpError":
            print(error.format_message())
            return Exit.USAGE
        Screen(json="--json" in sent).fail(Failure(Exit.USAGE, "USAGE", wording(error)))
        return Exit.USAGE
    except (typer.Abort, EOFError):
        return Exit.INTERRUPTED


def wording(error: typer.TyperException) -> str:
    """The words for a wrong call: ours for those that happen daily, the parser's own for the rest."""
    name = f"usage.{type(error).__name__}"
    parameter = getattr(error, "param", None)
    told = {"option": getattr(error, "option_name", ""), "parameter": parameter.get_error_hint() if parameter else ""}
    try:
        return text(name, **told)
    except KeyError:
        return text("usage.other", message=error.format_message())
