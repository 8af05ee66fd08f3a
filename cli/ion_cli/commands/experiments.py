"""`ion experiments`: what operators compare while a set runs."""

import json
import sys
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

import typer

from ion_cli.failure import misused
from ion_cli.help import IonGroup
from ion_cli.run import Run, argument, command, option
from ion_cli.texts import text

ROOT = "/api/v2/experiments"

Name = Annotated[str, argument("experiment")]
Exposure = Annotated[float | None, option("exposure", metavar="SHARE")]


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(cls=IonGroup, help=text("help.experiments"), no_args_is_help=True)
    app.add_typer(group, name="experiments")
    command(group, "list", "experiments.list")(_list)
    command(group, "create", "experiments.create")(_create)
    command(group, "start", "experiments.start")(_start)
    command(group, "stop", "experiments.stop")(_stop)
    command(group, "report", "experiments.report")(_report)
    command(group, "rollback", "experiments.rollback")(_roll_back)


def _list(run: Run) -> None:
    found = run.server.get(ROOT)
    if run.screen.json:
        run.screen.value(found)
        return
    heads = [text(f"head.{head}") for head in ("id", "state", "phase", "varies", "arms", "exposure", "layer")]
    run.screen.table(heads, map(_row, found["experiments"]))


def _create(run: Run, file: Annotated[str, argument("draft")]) -> None:
    try:
        draft = json.loads(sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise misused("bad.draft", file=file, why=str(error)) from error
    _changed(run, run.server.post(ROOT, draft))


def _start(run: Run, name: Name, exposure: Exposure = None) -> None:
    _changed(run, run.server.post(f"{_path(name)}/start", {} if exposure is None else {"exposure": exposure}))


def _stop(run: Run, name: Name, reason: Annotated[str | None, option("reason", metavar="TEXT")] = None) -> None:
    _changed(run, run.server.post(f"{_path(name)}/stop", {"reason": reason} if reason else {}))


def _roll_back(run: Run, name: Name) -> None:
    _changed(run, run.server.post(f"{_path(name)}/rollback"))


def _report(run: Run, name: Name) -> None:
    found = run.server.get(f"{_path(name)}/report")
    if run.screen.json:
        run.screen.value(found)
        return
    run.screen.say(found["says"])
    met = [text(f"head.{head}") for head in ("arm", "people", "from_l1", "from_l2", "made")]
    run.screen.table(met, [[arm, people, *_layers(found, arm)] for arm, people in found["people"].items()])
    heads = [text(f"head.{head}") for head in ("arm", "metric", "usual", "value", "interval", "p", "people")]
    run.screen.table(heads, [_figures(arm["arm"], one) for arm in found["arms"] for one in arm["metrics"]])


def _path(name: str) -> str:
    return f"{ROOT}/{quote(name, safe='')}"


def _changed(run: Run, done: dict[str, Any]) -> None:
    if run.screen.json:
        run.screen.value(done)
        return
    one, seconds = done["experiment"], f"{done['everywhere_within_s']:g}"
    run.screen.say(text("experiments.changed", experiment=one["id"], state=one["state"], phase=one["phase"], seconds=seconds))


def _row(one: dict[str, Any]) -> list[object]:
    arms = " ".join(f"{arm['id']}{' (stopped)' if arm['stopped'] else ''}" for arm in one["arms"])
    return [one["id"], one["state"], one["phase"], one["varies"], arms, f"{one['exposure']:g}", one["layer"]]


def _layers(found: dict[str, Any], arm: str) -> list[int]:
    return [found["answers"].get(arm, {}).get(layer, 0) for layer in ("L1", "L2", "made")]


def _figures(arm: str, one: dict[str, Any]) -> list[object]:
    interval = "[{:+.4f}, {:+.4f}]".format(*one["interval"]) if one["interval"] else "-"
    usual, value = ("-" if number is None else f"{number:.4f}" for number in (one["usual"], one["value"]))
    return [arm, one["metric"], usual, value, interval, f"{one['adjusted_p']:.4f}", one["people"]]
