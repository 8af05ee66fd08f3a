"""The functions of a checkout: what functions.json says of them, and each as the framework serves it."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from functions_framework.aio import create_asgi_app
from msgspec import Struct

from ion_mentoring.errors import SettingsInvalid

MAP: Final = Path("infra/terraform/functions.json")
TARGET: Final = "handle"


class Function(Struct, frozen=True):
    """One function: its folder's name, its kind, the topic that it works for, and the path to which it takes dead letters."""

    name: str
    kind: str
    topic: str | None
    dead: str | None = None


def listed(root: Path) -> tuple[Function, ...]:
    """The functions of the map; SettingsInvalid if this is no checkout."""
    try:
        entries: Mapping[str, Mapping[str, Any]] = json.loads((root / MAP).read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsInvalid(f"{root / MAP}: not found; run this in a checkout") from error
    return tuple(Function(name, entry["kind"], entry.get("topic"), entry.get("dead")) for name, entry in entries.items())


def load(root: Path, function: Function) -> Any:
    """The ASGI application of a function's real main.py, made as functions-framework makes it on the platform."""
    return create_asgi_app(TARGET, str(root / "functions" / function.name / "main.py"), "http")  # type: ignore[no-untyped-call]
