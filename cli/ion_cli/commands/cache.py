"""`ion cache`: what the caches do, and what they shall forget."""

import sys
from typing import Annotated, Any

import typer

from ion_cli.failure import misused
from ion_cli.help import IonGroup
from ion_cli.run import Run, argument, command, option
from ion_cli.texts import text

ROOT = "/api/v2/cache"

Yes = Annotated[bool, option("yes", "--yes", "-y")]


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(cls=IonGroup, help=text("help.cache"), no_args_is_help=True)
    app.add_typer(group, name="cache")

    @command(group, "stats", "cache.stats")
    def stats(run: Run) -> None:
        found = run.server.get(f"{ROOT}-stats")
        if run.screen.json:
            run.screen.value(found)
        else:
            run.screen.table((text("head.figure"), text("head.value")), figures(found))

    @command(group, "clear", "cache.clear")
    def clear(run: Run, yes: Yes = False) -> None:
        sure(text("sure.clear"), yes=yes)
        _dropped(run, run.server.post(f"{ROOT}/clear"))

    @command(group, "invalidate", "cache.invalidate")
    def invalidate(run: Run, pattern: Annotated[str, argument("pattern")]) -> None:
        _dropped(run, run.server.post(f"{ROOT}/invalidate", pattern=pattern))


def figures(found: dict[str, Any], above: str = "") -> list[tuple[str, object]]:
    """Each figure of an object with its path."""
    rows: list[tuple[str, object]] = []
    for name, value in found.items():
        path = f"{above}.{name}" if above else name
        if isinstance(value, dict):
            rows += figures(value, path)
        elif isinstance(value, list):
            rows.append((path, ", ".join(str(one["name"] if isinstance(one, dict) else one) for one in value)))
        elif value is not None:
            rows.append((path, value))
    return rows


def sure(asked: str, *, yes: bool) -> None:
    """Ask whether somebody is sure; where nobody can be asked, `--yes` has to say so."""
    if yes:
        return
    if not sys.stdin.isatty():
        raise misused("bad.unsure")
    typer.confirm(asked, abort=True, err=True)


def _dropped(run: Run, done: dict[str, Any]) -> None:
    if run.screen.json:
        run.screen.value(done)
    else:
        run.screen.say(text("cache.dropped", pattern=done["pattern"], seconds=f"{done['everywhere_within_s']:g}"))
