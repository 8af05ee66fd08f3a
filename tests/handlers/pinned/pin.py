"""`python -m tests.handlers.pinned.pin`: pins the contract of a release, after its version was raised.

It refuses for the version that is pinned already: a change within a release is told in CHANGELOG.md instead.
"""

import asyncio
import json
import sys
from pathlib import Path
from typing import Any, Final

from ion_mentoring import __version__
from ion_mentoring.settings.router import RouterSettings
from ion_mentoring.wiring.router import build
from tests.fakes import client
from tests.handlers.pinned.cases import CASES, asked

PINNED: Final = Path(__file__).parent / "released.json"


def released() -> dict[str, Any]:
    """The contract of the last release: its version, the forms of its answers by case, its OpenAPI document."""
    found: dict[str, Any] = json.loads(PINNED.read_text(encoding="utf-8"))
    return found


async def now() -> dict[str, Any]:
    """The contract as it is."""
    async with client(build(RouterSettings.read({"STORE": "sqlite:///:memory:"}))) as router:
        forms = {case.name: await asked(router, case) for case in CASES}
        return {"version": __version__, "forms": forms, "openapi": (await router.get("/openapi.json")).json()}


def main() -> int:
    """The command."""
    if PINNED.exists() and released()["version"] == __version__:
        print(f"{__version__} is pinned: raise the version first, or tell the change in CHANGELOG.md", file=sys.stderr)
        return 1
    PINNED.write_text(json.dumps(asyncio.run(now()), ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
