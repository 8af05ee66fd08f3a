"""`ion flags`: what operators turn while a set runs."""

from typing import Annotated, Any
from urllib.parse import quote

import typer

from ion_cli.help import IonGroup
from ion_cli.refusals import json_of
from ion_cli.run import Run, argument, command, option
from ion_cli.texts import text

ROOT = "/api/v2/flags"

Name = Annotated[str, argument("flag")]
Tenant = Annotated[str | None, option("of-tenant", "--tenant", metavar="TENANT")]


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(cls=IonGroup, help=text("help.flags"), no_args_is_help=True)
    app.add_typer(group, name="flags")
    command(group, "list", "flags.list")(_list)
    command(group, "set", "flags.set")(_set)
    command(group, "reset", "flags.reset")(_reset)


def _list(run: Run, tenant: Tenant = None) -> None:
    found = run.server.get(ROOT, **_of(tenant))
    if run.screen.json:
        run.screen.value(found)
        return
    heads = [text(f"head.{head}") for head in ("name", "variant", "value", "reason", "variants", "owner", "until")]
    run.screen.table(heads, map(_row, found["flags"]))


def _set(run: Run, name: Name, variant: Annotated[str, argument("variant")], tenant: Tenant = None) -> None:
    _turned(run, json_of(run.server.call("PUT", _path(name), json={"variant": variant, **_of(tenant)})))


def _reset(run: Run, name: Name, tenant: Tenant = None) -> None:
    _turned(run, json_of(run.server.call("DELETE", _path(name), params=_of(tenant))))


def _path(name: str) -> str:
    return f"{ROOT}/{quote(name, safe='')}"


def _of(tenant: str | None) -> dict[str, str]:
    return {"tenant": tenant} if tenant else {}


def _turned(run: Run, done: dict[str, Any]) -> None:
    if run.screen.json:
        run.screen.value(done)
        return
    flag, seconds = done["flag"], f"{done['everywhere_within_s']:g}"
    run.screen.say(text("flags.turned", flag=flag["name"], variant=flag["evaluation"]["variant"], seconds=seconds))


def _row(flag: dict[str, Any]) -> list[object]:
    now = flag["evaluation"]
    until = text("flags.past", until=flag["until"]) if flag["past"] else flag["until"]
    reason = now["error_code"] or now["reason"]
    return [flag["name"], now["variant"], now["value"], reason, " ".join(flag["variants"]), flag["owner"], until]
