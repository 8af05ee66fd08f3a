"""The endpoints of v2 for conversations: a user's list, one of them, and its end."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Final

from msgspec import Struct
from starlette.responses import Response

from ion_mentoring.access.permissions import KEEPS
from ion_mentoring.errors import NotFound, ValidationFailed
from ion_mentoring.handlers.api.whose import WHOSE, audited, owners_of
from ion_mentoring.handlers.contract.session_views import (
    SessionErasedView,
    SessionListView,
    SessionSummary,
    SessionView,
    turn_view,
)
from ion_mentoring.handlers.web.call import Call, Endpoint
from ion_mentoring.handlers.web.query import number, optional
from ion_mentoring.handlers.web.responses import json_response, timestamp
from ion_mentoring.records.conversations.protocol import ConversationId, Conversations, Session
from ion_mentoring.telemetry.events import EventLog

LISTED: Final = 20
MOST_LISTED: Final = 100
SHOWN: Final = 100
MOST_SHOWN: Final = 500
EXCERPT: Final = 120  # characters
NEWEST: Final = 2  # turns: the last question and its answer


class Sessions(Struct, frozen=True):
    """`forget` makes an owner's private answers unreadable, which may have been made of what was said in a session; `danger`
    is true for a text with a sign of danger."""

    conversations: Conversations
    forget: Callable[[str], Awaitable[None]]
    danger: Callable[[str], bool]
    log: EventLog

    def endpoints(self) -> tuple[Endpoint, ...]:
        """The table of sessions."""
        root = "/api/v2/sessions"
        paged = {
            "limit": optional("integer", "The most that is listed.", default=LISTED, minimum=1, maximum=MOST_LISTED),
            "before": optional("string", "`next` of the page before.", format="date-time"),
        }
        shown = {"limit": optional("integer", "The newest turns.", default=SHOWN, minimum=1, maximum=MOST_SHOWN)}
        one = f"{root}/{{id}}"
        return (
            Endpoint(
                "GET",
                root,
                self._list,
                "The caller's conversations",
                gives=SessionListView,
                allows=KEEPS,
                query={**WHOSE, **paged},
            ),
            Endpoint("GET", one, self._show, "One conversation", gives=SessionView, allows=KEEPS, query={**WHOSE, **shown}),
            Endpoint("DELETE", one, self._erase, "Erase a conversation", gives=SessionErasedView, allows=KEEPS, query=WHOSE),
        )

    async def _list(self, call: Call) -> Response:
        async with audited(call, "sessions_listed"):
            return await self._listed(call)

    async def _listed(self, call: Call) -> Response:
        limit, before = number(call.request, "limit", LISTED, MOST_LISTED), _moment(call)
        lists = [(owner, await self.conversations.sessions(owner, limit + 1, before)) for owner in owners_of(call)]
        found = [(owner, session) for owner, sessions in lists for session in sessions]
        found.sort(key=lambda one: one[1].updated_at, reverse=True)
        page = found[:limit]
        view: SessionListView = {
            "success": True,
            "sessions": list(await asyncio.gather(*(self._summary(owner, session) for owner, session in page))),
            "next": _exactly(page[-1][1].updated_at) if len(found) > limit else None,
            "request_id": call.request_id,
            "timestamp": timestamp(),
        }
        return json_response(view)

    async def _summary(self, owner: str, session: Session) -> SessionSummary:
        conversation = ConversationId(owner, session.name)
        turns = await self.conversations.recent(conversation, NEWEST)
        first = await self.conversations.first(conversation) if len(turns) >= NEWEST else None
        asked = [turn.content for turn in (*((first,) if first else ()), *turns) if turn.role == "user"] or [""]
        answered = [turn.persona for turn in turns if turn.persona]
        return {
            "session_id": session.name,
            "updated_at": timestamp(session.updated_at),
            "turns": session.turns,
            "title": asked[0][:EXCERPT],
            "excerpt": asked[-1][:EXCERPT],
            "danger": self.danger(asked[0]),
            "persona": answered[-1] if answered else None,
        }

    async def _show(self, call: Call) -> Response:
        async with audited(call, "session_read"):
            return await self._shown(call)

    async def _shown(self, call: Call) -> Response:
        limit = number(call.request, "limit", SHOWN, MOST_SHOWN)
        for owner in owners_of(call):
            if turns := await self.conversations.recent(ConversationId(owner, call.path["id"]), limit + 1):
                view: SessionView = {
                    "success": True,
                    "session_id": call.path["id"],
                    "turns": [turn_view(turn) for turn in turns[-limit:]],
                    "more": len(turns) > limit,
                    "request_id": call.request_id,
                    "timestamp": timestamp(),
                }
                return json_response(view)
        raise NotFound("no such session")

    async def _erase(self, call: Call) -> Response:
        async with audited(call, "session_erased"):
            return await self._erased(call)

    async def _erased(self, call: Call) -> Response:
        """Erases what was said; before it the private answers that may stand on it, which nobody could find afterwards."""
        erased = False
        for owner in owners_of(call):
            conversation = ConversationId(owner, call.path["id"])
            if await self.conversations.recent(conversation, 1):
                await self.forget(owner)
                await self.conversations.erase(conversation)
                erased = True
        if not erased:
            raise NotFound("no such session")
        self.log.info("session_erased", caller=call.caller.id)
        view: SessionErasedView = {
            "success": True,
            "session_id": call.path["id"],
            "request_id": call.request_id,
            "timestamp": timestamp(),
        }
        return json_response(view)


def _moment(call: Call) -> datetime | None:
    sent = call.request.query("before")
    if not sent:
        return None
    try:
        at = datetime.fromisoformat(sent)
        if at.tzinfo is not None:
            return at.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise ValidationFailed("before", field="before", details={"rule": "`next` of the page before: a time with its zone"})


def _exactly(at: datetime) -> str:
    """A time to the microsecond, as pages are told apart by it; without a `+`, which means a space in a query string."""
    return at.isoformat(timespec="microseconds").replace("+00:00", "Z")
