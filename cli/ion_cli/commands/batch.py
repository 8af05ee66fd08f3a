"""`ion batch`: many questions at once, handed in, watched, read, cancelled, tried again."""

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Annotated, Final

import typer

from ion_cli.batch_files import STANDARD, SUFFIXES, form_of, questions
from ion_cli.batch_rows import batch_row, result_row, tell
from ion_cli.batches import ROOT, Batch, Patience, copied, download, followed, path_of, results, shown, submitted
from ion_cli.failure import Exit, misused
from ion_cli.help import IonGroup
from ion_cli.progress import watched
from ion_cli.refusals import json_of
from ion_cli.run import Run, argument, command, option
from ion_cli.texts import text

NAMES: Final = ("batch.submit", "batch.list", "batch.status", "batch.results", "batch.cancel", "batch.replay")


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(cls=IonGroup, help=text("help.batch"), no_args_is_help=True)
    app.add_typer(group, name="batch")
    works: tuple[Callable[..., None], ...] = (_submit, _list, _status, _results, _cancel, _replay)
    for name, work in zip(NAMES, works, strict=True):
        command(group, name.removeprefix("batch."), name)(work)


Id = Annotated[str, argument("batch")]
Follow = Annotated[bool, option("follow", "--follow", "-f")]
Output = Annotated[Path | None, option("output", "--output", "-o", metavar="FILE")]
Seconds = Annotated[float, option("patience", metavar="SECONDS", min=0)]
Form = Annotated[str | None, option("form", "--format", metavar="FORMAT")]


def _submit(
    run: Run,
    file: Annotated[str, argument("file")],
    follow: Follow = False,
    output: Output = None,
    form: Form = None,
    name: Annotated[str | None, option("name")] = None,
    webhook: Annotated[str | None, option("webhook", metavar="URL")] = None,
    days: Annotated[int | None, option("days", metavar="DAYS")] = None,
    again: Annotated[bool, option("again")] = False,
    patience: Seconds = 3600.0,
) -> None:
    _checked(output)
    wishes = {"name": name, "webhook_url": webhook, "retention_days": days}
    asked = questions(file, form, {key: value for key, value in wishes.items() if value is not None}, again=again)
    if asked.converted_from:
        run.screen.note(text("batch.converted", file=file, encoding=asked.converted_from.upper()))
    waits = Patience(run.server, patience if follow or output else 0, lambda: run.screen.note(text("batch.lost")))
    batch, before = waits(partial(submitted, run.server, asked))
    run.screen.note(text("batch.before" if before else "batch.taken", id=batch["id"], total=batch["total"]))
    for secret in (batch.get("webhook") or {}).get("secrets", ()):
        run.screen.note(text("batch.secret", secret=secret))
    if follow or output:
        _follow(run, batch, output, patience)
    else:
        tell(run.screen, batch, alone=batch["id"])


def _list(run: Run) -> None:
    found = run.server.get(ROOT)
    if run.screen.json:
        run.screen.value(found)
        return
    heads = [text(f"head.{head}") for head in ("id", "name", "state", "total", "created", "finished")]
    run.screen.table(heads, map(batch_row, found["batches"]))


def _status(run: Run, batch: Id, follow: Follow = False, output: Output = None, patience: Seconds = 3600.0) -> None:
    _checked(output)
    found = shown(run.server, batch)
    if follow or output:
        _follow(run, found, output, patience)
    else:
        tell(run.screen, found)


def _results(run: Run, batch: Id, output: Output = None, form: Form = None) -> None:
    _checked(output, form)
    if output:
        complete = download(run.server, batch, form_of(str(output), form), output)
        run.screen.note(text("batch.written", file=output))
    elif run.screen.json or form == "json":
        whole = results(run.server, batch)
        complete = whole["complete"]
        run.screen.value(whole)
    elif run.screen.live:
        whole = results(run.server, batch)
        complete = whole["complete"]
        heads = [text(f"head.{head}") for head in ("id", "state", "look_first", "answer")]
        run.screen.table(heads, map(result_row, whole["results"]))
    else:
        complete = copied(run.server, batch, form_of(f".{form or 'ndjson'}", form or "ndjson"), sys.stdout.buffer)
        sys.stdout.buffer.flush()
    if not complete:
        run.screen.warn(text("batch.incomplete"))
        raise typer.Exit(Exit.LATER)


def _cancel(run: Run, batch: Id) -> None:
    tell(run.screen, json_of(run.server.call("DELETE", path_of(batch)))["batch"])


def _replay(run: Run, batch: Id, follow: Follow = False, output: Output = None, patience: Seconds = 3600.0) -> None:
    _checked(output)
    found = run.server.post(path_of(batch, "/replay"))["batch"]
    if follow or output:
        _follow(run, found, output, patience)
    else:
        tell(run.screen, found)


def _follow(run: Run, batch: Batch, output: Path | None, patience_s: float) -> None:
    """Watch a batch until it has ended, and keep its results. It goes on whatever becomes of this run."""
    try:
        with watched(run.screen) as bar:
            patient = Patience(run.server, patience_s, bar.lost)
            for batch in followed(batch, patient):  # noqa: B020 - the batch as it is seen now
                bar.show(batch)
            if output:
                patient(partial(download, run.server, batch["id"], form_of(str(output), None), output))
        if output:
            run.screen.note(text("batch.written", file=output))
    except KeyboardInterrupt:
        where = f" --output {output}" if output else ""
        run.screen.warn(text("batch.goes_on", id=batch["id"], output=where))
        raise typer.Exit(Exit.INTERRUPTED) from None
    tell(run.screen, batch)
    if batch["counts"]["look_first"]:
        run.screen.warn(text("batch.look_first", count=batch["counts"]["look_first"]))
    if batch["counts"]["failed"]:
        raise typer.Exit(Exit.PARTLY)


def _checked(output: Path | None, form: str | None = None) -> None:
    """Refuse an output that results cannot be written to before anything is asked."""
    if output is None:
        return
    if (
        str(output) == STANDARD
        or (form is None and SUFFIXES.get(output.suffix.lower()) not in ("csv", "ndjson"))
        or form == "json"
    ):
        raise misused("bad.output", file=output)
    if output.is_dir() or not output.resolve().parent.is_dir():
        raise misused("bad.folder", file=output)
