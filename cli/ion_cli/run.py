"""One run of the program: its screen and its server, made of the options that every command has."""

import inspect
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import wraps
from typing import Annotated, Any, Final

import typer

from ion_cli.failure import Exit, Failure, unreachable
from ion_cli.help import IonCommand
from ion_cli.screen import Screen
from ion_cli.server import Server
from ion_cli.settings import settings
from ion_cli.texts import text

KEYWORD: Final = inspect.Parameter.KEYWORD_ONLY


@dataclass(frozen=True, slots=True)
class Run:
    """The screen and the server that a command works with."""

    screen: Screen
    server: Server


@contextmanager
def opened(url: str | None, key: str | None, *, json: bool, quiet: bool) -> Iterator[Run]:
    """A run; a failure in it is shown, and ends the program with its exit code."""
    screen = Screen(json=json, quiet=quiet)
    try:
        server = Server(settings(url, key), told=lambda wait_s: screen.note(text("waiting.again", seconds=f"{wait_s:g}")))
        with server:
            yield Run(screen, server)
    except Failure as failure:
        screen.fail(failure)
        raise typer.Exit(failure.exit_code) from failure
    except (LookupError, TypeError, AttributeError) as error:  # an answer without what the contract promises
        foreign = unreachable("NOT_A_SET", "refused.shape", reason=f"{type(error).__name__}: {error}")
        screen.fail(foreign)
        raise typer.Exit(foreign.exit_code) from error
    except BrokenPipeError as gone:  # whoever read along has seen enough; Python would complain once more when it flushes
        with suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(Exit.PIPE) from gone


def option(name: str, *names: str, **more: Any) -> Any:
    """An option with its help text from the texts, `option.NAME`."""
    return typer.Option(*(names or (f"--{name}",)), help=text(f"option.{name}"), **more)


def argument(name: str, **more: Any) -> Any:
    """An argument, called by its name in capitals, with its help text from the texts, `argument.NAME`."""
    return typer.Argument(help=text(f"argument.{name}"), metavar=name.upper(), show_default=False, **more)


COMMON: Final = (
    inspect.Parameter("url", KEYWORD, default=None, annotation=Annotated[str | None, option("url", metavar="URL")]),
    inspect.Parameter("key", KEYWORD, default=None, annotation=Annotated[str | None, option("key", metavar="KEY")]),
    inspect.Parameter("json", KEYWORD, default=False, annotation=Annotated[bool, option("json")]),
    inspect.Parameter("quiet", KEYWORD, default=False, annotation=Annotated[bool, option("quiet", "--quiet", "-q")]),
)


def command(app: typer.Typer, name: str, help_text: str | None = None) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Add a command to an app: its function takes the run first, then its own options."""

    def added(work: Callable[..., None]) -> Callable[..., None]:
        own = [one.replace(kind=KEYWORD) for one in inspect.signature(work).parameters.values()][1:]

        @wraps(work)
        def called(url: str | None, key: str | None, *, json: bool, quiet: bool, **values: Any) -> None:
            with opened(url, key, json=json, quiet=quiet) as run:
                work(run, **values)

        parameters = [*own, *COMMON]
        called.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
        called.__annotations__ = {one.name: one.annotation for one in parameters}
        app.command(name, cls=IonCommand, help=text(f"help.{help_text or name}"))(called)
        return work

    return added
