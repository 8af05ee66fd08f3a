"""The ways in which a run ends: exit codes that a script can decide by, and the failure that carries one."""

from collections.abc import Mapping
from enum import IntEnum
from typing import Any

from ion_cli.texts import text


class Exit(IntEnum):
    """The exit codes; docs/cli.md explains each."""

    OK = 0
    BROKEN = 1
    USAGE = 2
    REFUSED = 3
    FORBIDDEN = 4
    NOT_FOUND = 5
    CONFLICT = 6
    LATER = 7
    UNREACHABLE = 8
    PARTLY = 9
    INTERRUPTED = 130
    PIPE = 141


class Failure(Exception):
    """The reason why a run ends without what was asked for: `message` is for people, the rest for programs."""

    def __init__(
        self,
        exit_code: Exit,
        code: str,
        message: str,
        *,
        error: Mapping[str, Any] | None = None,
        request_id: str | None = None,
        retry_after_s: float | None = None,
    ) -> None:
        """`error` is the server's own error object, where it gave one."""
        super().__init__(message)
        self.exit_code = exit_code
        self.code = code
        self.message = message
        self.error = dict(error or {})
        self.request_id = request_id
        self.retry_after_s = retry_after_s

    @property
    def passing(self) -> bool:
        """True where the same request may do better in a moment."""
        return self.exit_code is Exit.LATER or self.code in ("UNREACHABLE", "CONNECTION_LOST")

    def form(self) -> dict[str, Any]:
        """The failure in the error form of the API."""
        error = {"code": self.code, "message": self.message, "field": None, "details": {}} | self.error
        return {"success": False, "error": error, "request_id": self.request_id}


def misused(name: str, /, **values: object) -> Failure:
    """A failure of how the program was called or set up, with the text of that name."""
    return Failure(Exit.USAGE, "USAGE", text(name, **values))


def unreachable(code: str, name: str, /, **values: object) -> Failure:
    """A failure to reach a set, with the text of that name."""
    return Failure(Exit.UNREACHABLE, code, text(name, **values))
