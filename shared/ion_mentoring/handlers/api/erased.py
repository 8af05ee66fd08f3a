"""The last erasure of any of the people whom a call is about."""

from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from ion_mentoring.access.owners import people_of
from ion_mentoring.handlers.web.call import Call
from ion_mentoring.mentoring.privacy.last_erased import LastErased


class ErasedOfCall(Struct, frozen=True):
    """Looks for the caller's own person, for the user whom a body names, and for those whom its items name."""

    last_erased: LastErased

    async def __call__(self, call: Call) -> float:
        """In Unix seconds, 0 where nobody was."""
        return await self.last_erased(people_of(call.caller, {None, *_users(call.body)}))


def _users(body: Any) -> Iterator[str]:
    yield from _named(getattr(body, "context", None))
    for item in getattr(body, "requests", ()):
        yield from _named(item.get("context") if isinstance(item, dict) else getattr(item, "context", None))


def _named(context: Any) -> Iterator[str]:
    user = context.get("user_id") if isinstance(context, dict) else getattr(context, "user_id", None)
    if isinstance(user, str):
        yield user
