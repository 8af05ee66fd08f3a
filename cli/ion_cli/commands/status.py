"""`ion status`: whether a set is well, once or again and again."""

import time
from typing import Annotated, Any

import typer

from ion_cli.board import COLUMNS, brief
from ion_cli.commands.cache import figures
from ion_cli.failure import Exit, Failure
from ion_cli.refusals import refusal
from ion_cli.run import Run, command, option
from ion_cli.texts import text

Figures = dict[str, Any]


def add_to(app: typer.Typer) -> None:
    """Add the command."""

    @command(app, "status")
    def status(
        run: Run,
        watch: Annotated[bool, option("watch", "--watch", "-w")] = False,
        every: Annotated[float, option("every", metavar="SECONDS", min=0.2)] = 2.0,
    ) -> None:
        if not watch:
            found = seen(run)
            shown(run, found)
            if found["status"] == "unhealthy":
                raise typer.Exit(Exit.LATER)
        elif run.screen.live:
            _live(run, every)
        else:
            if not run.screen.json:
                run.screen.table((), [("# " + COLUMNS[0], *COLUMNS[1:])])
            while True:
                shown(run, seen_or_not(run), one_line=True)
                time.sleep(every)


def seen(run: Run) -> Figures:
    """The set's health, and its figures where it is well enough to have any."""
    health = health_of(run)
    return {"url": run.server.settings.url, **run.server.get("/api/v2/status"), **health}


def health_of(run: Run) -> Figures:
    """The health; a set that is not well says so with a 503 and the same form."""
    with run.server.reached():
        response = run.server.client.get("/api/v2/health")
    try:
        found = response.json()
    except ValueError:
        found = None
    if not isinstance(found, dict) or "dependencies" not in found:
        raise refusal(response)
    return found


def seen_or_not(run: Run) -> Figures:
    """The same while it is watched: a set that cannot be reached is a state, and not the end; neither are refused figures."""
    found: Figures = {"url": run.server.settings.url, "status": "unreachable"}
    try:
        found |= health_of(run)
        return {**run.server.glance("/api/v2/status"), **found}
    except Failure as failure:
        return {**found, "code": failure.code, "message": failure.message}


def shown(run: Run, found: Figures, *, one_line: bool = False) -> None:
    """Show what was seen: all of it, or a line that a log takes."""
    if run.screen.json:
        run.screen.value(found)
    elif run.screen.live:
        from ion_cli.board import drawn

        run.screen.console().print(drawn(found))
    elif one_line:
        rate = (found.get("cache") or {}).get("hit_rate")
        facts = (time.strftime("%H:%M:%S"), found["status"], found.get("version", ""), "" if rate is None else rate)
        run.screen.table((), [(*facts, *(brief(found) or (found.get("code", ""),)))])
    else:
        run.screen.table((text("head.figure"), text("head.value")), figures(found))


def _live(run: Run, every: float) -> None:
    from rich.live import Live

    from ion_cli.board import drawn

    with Live(console=run.screen.console(), auto_refresh=False, screen=True) as live:
        while True:
            live.update(drawn(seen_or_not(run)), refresh=True)
            time.sleep(every)
