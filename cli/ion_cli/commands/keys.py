"""`ion keys`: who may call a set."""

import re
from typing import Annotated, Any
from urllib.parse import quote

import typer

from ion_cli.commands.cache import Yes, sure
from ion_cli.help import IonGroup
from ion_cli.refusals import json_of
from ion_cli.run import Run, argument, command, option
from ion_cli.texts import text

ROOT = "/api/v2/api-keys"

Id = Annotated[str, argument("key")]
Tenant = Annotated[str | None, option("tenant")]


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(cls=IonGroup, help=text("help.keys"), no_args_is_help=True)
    app.add_typer(group, name="keys")
    command(group, "list", "keys.list")(_list)
    command(group, "create", "keys.create")(_create)
    command(group, "rotate", "keys.rotate")(_rotate)
    command(group, "revoke", "keys.revoke")(_revoke)


def _list(run: Run, tenant: Tenant = None) -> None:
    found = run.server.get(ROOT, **({"tenant": tenant} if tenant else {}))
    if run.screen.json:
        run.screen.value(found)
        return
    heads = [text(f"head.{head}") for head in ("id", "name", "role", "expires", "used", "state")]
    run.screen.table(heads, map(_row, found["keys"]))


def _create(
    run: Run,
    name: Annotated[str, argument("name")],
    role: Annotated[str, option("role")],
    scopes: Annotated[list[str] | None, option("scope", metavar="SCOPE")] = None,
    expires: Annotated[str | None, option("expires", metavar="DATE")] = None,
    per_minute: Annotated[int | None, option("per-minute", metavar="REQUESTS")] = None,
    tokens: Annotated[int | None, option("tokens")] = None,
    tenant: Tenant = None,
) -> None:
    if expires and re.fullmatch(r"\d{4}-\d\d-\d\d", expires):
        expires += "T00:00:00Z"
    order = {
        "name": name,
        "role": role,
        "scopes": scopes or None,
        "expires_at": expires,
        "requests_per_minute": per_minute,
        "monthly_tokens": tokens,
        "tenant": tenant,
    }
    _issued(run, run.server.post(ROOT, {field: value for field, value in order.items() if value is not None}))


def _rotate(run: Run, public_id: Id, overlap: Annotated[float, option("overlap", metavar="HOURS", min=0)] = 24.0) -> None:
    _issued(run, run.server.post(f"{_path(public_id)}/rotate", {"overlap_s": round(overlap * 3600)}))


def _revoke(run: Run, public_id: Id, yes: Yes = False) -> None:
    sure(text("sure.revoke", key=public_id), yes=yes)
    done = json_of(run.server.call("DELETE", _path(public_id)))
    if run.screen.json:
        run.screen.value(done)
    else:
        run.screen.say(text("keys.revoked", key=done["key"]["id"], seconds=f"{done['everywhere_within_s']:g}"))


def _path(public_id: str) -> str:
    return f"{ROOT}/{quote(public_id, safe='')}"


def _issued(run: Run, done: dict[str, Any]) -> None:
    """Show a new secret: alone in a pipe, so that it can go where it is kept."""
    if run.screen.json:
        run.screen.value(done)
        return
    run.screen.say(done["api_key"])
    run.screen.note(text("keys.once", key=done["key"]["id"]))


def _row(key: dict[str, Any]) -> list[object]:
    marks = {"bootstrap": "bootstrap", "revoked_at": "revoked", "rotating_until": "rotating"}
    state = next((state for mark, state in marks.items() if key[mark]), "valid")
    shown = (key["id"], key["name"], key["role"], key["expires_at"], key["last_used_at"])
    return [*("-" if one is None else one for one in shown), state]
