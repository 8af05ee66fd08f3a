"""A stand-in server that is read: documents by path, answered to GET as a script plans."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import ClassVar

from tests.vendors.plan import Answer, Event, Plan, Request, Wire
from tests.vendors.server import Vendor


class Documents(Vendor):
    """Serves from entering to leaving. The script's plans decide about status, pace and faults, `document` about the rest."""

    headers: ClassVar[Mapping[str, str]] = {}

    def document(self, request: Request) -> bytes | None:
        """The body for a request, None where nothing is."""
        raise NotImplementedError

    def refusal(self, request: Request) -> Plan | None:
        """What to answer to a request that is not made as the server wants it, None for a good one."""
        raise NotImplementedError

    def planned(self, request: Request) -> tuple[Wire | None, Answer]:
        plan = self.refusal(request) or self.script(request)
        body = b"" if plan.refuses or plan.body is not None else self.document(request)
        if body is None:
            plan = replace(plan, status=404)
        elif body:
            plan = replace(plan, body=body)
        return Said(), Answer(request, replace(plan, headers={**self.headers, **plan.headers}), 0)


class Said:
    """Says what the plan has for a body."""

    def takes(self, path: str) -> bool:
        return True

    def refusal(self, request: Request) -> Plan | None:
        return None

    def texts(self, request: Request) -> Sequence[str]:
        return ()

    def streams(self, request: Request) -> bool:
        return False

    def whole(self, answer: Answer) -> bytes:
        return b""

    def events(self, answer: Answer) -> Iterator[Event]:
        return iter(())

    def error(self, answer: Answer) -> bytes:
        return b"{}"
