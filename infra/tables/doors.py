"""The endpoints of the router and who may use each, as they state it: the table of docs/access-http.md.

`python -m infra.tables.doors` prints it, `--write` puts it into the page.
"""

import argparse
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

if __name__ == "__main__":  # a program's own folder comes first by default, and there is no `infra` in it
    sys.path[0] = str(Path(__file__).resolve().parents[2])

from infra.tables.pages import PAGES, put
from ion_mentoring.access.caller import Caller, Role
from ion_mentoring.access.permissions import Permission
from ion_mentoring.errors import Forbidden, NotFound, Unauthenticated
from ion_mentoring.handlers.web.call import Endpoint
from ion_mentoring.settings.router import RouterSettings
from ion_mentoring.wiring.router import build

PAGE: Final = PAGES / "access-http.md"
OTHERS: Final = {None: "", "own": "404; an admin says whose", "tenant": "404; the service's admins reach all"}
KINDS: Final = {
    "nobody": Caller("address:192.0.2.1", known=False),
    "guest": Caller("guest:one", frozenset({Role.MENTEE}), guest="a network"),
    **{role.value: Caller(f"key:{role}", frozenset({role})) for role in Role},
    **{
        f"{role} of a tenant": Caller(f"acme/key:{role}", frozenset({role}), tenant="acme")
        for role in (Role.OPERATOR, Role.ADMIN)
    },
}


def verdict(permission: Permission, caller: Caller) -> int:
    """The status that a permission alone means: 200, or that of its error."""
    try:
        permission.check(caller)
    except (Unauthenticated, Forbidden, NotFound) as error:
        return error.status
    return 200


def endpoints() -> tuple[Endpoint, ...]:
    """The endpoints of a router as it is deployed."""
    return build(RouterSettings.read({"STORE": "sqlite:///:memory:"})).endpoints.all


def table(listed: Iterable[Endpoint]) -> str:
    """One line an endpoint, in Markdown."""
    head = ["endpoint", *KINDS, "what is others'"]
    return "\n".join([_row(head), _row(["---"] * len(head)), *(_row(_cells(endpoint)) for endpoint in listed)])


def _cells(endpoint: Endpoint) -> list[str]:
    allowed = [verdict(endpoint.allows, caller) for caller in KINDS.values()]
    return [
        f"{endpoint.method} {endpoint.path}",
        *("yes" if status == 200 else str(status) for status in allowed),
        OTHERS[endpoint.allows.whose],
    ]


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints or writes the table."""
    parser = argparse.ArgumentParser(description="Tell who may use which endpoint, as the endpoints state it.")
    parser.add_argument("--write", action="store_true", help=f"put the table into {PAGE}")
    made = table(endpoints())
    if parser.parse_args(arguments).write:
        put(PAGE, made)
    print(made)
    return 0


if __name__ == "__main__":
    sys.exit(main())
