"""The endpoints of v2 for ratings: what each of them does."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Final

from msgspec import Struct
from pydantic_core import to_json
from starlette.responses import Response, StreamingResponse

from ion_mentoring.errors import ValidationFailed
from ion_mentoring.handlers.api.whose import audited, owners_of
from ion_mentoring.handlers.contract.feedback import (
    FeedbackListView,
    FeedbackRequest,
    FeedbackTakenBackView,
    FeedbackView,
    rating_view,
)
from ion_mentoring.handlers.contract.receipts import Receipts
from ion_mentoring.handlers.web.call import Call
from ion_mentoring.handlers.web.idempotency import Idempotency
from ion_mentoring.handlers.web.responses import json_response, timestamp
from ion_mentoring.handlers.web.security_headers import DATA
from ion_mentoring.mentoring.answering.consents import Consents
from ion_mentoring.mentoring.recommending.rate import RateAnswers
from ion_mentoring.records.feedback.protocol import Listed, Rating

PAGE: Final = 500
NDJSON: Final = "application/x-ndjson"


class FeedbackCalls(Struct, frozen=True):
    """The collaborators of the endpoints."""

    ratings: RateAnswers
    receipts: Receipts
    idempotency: Idempotency
    consents: Consents | None = None

    async def rate(self, call: Call) -> Response:
        """Keeps a rating, once under the same Idempotency-Key."""
        return await self.idempotency.once(call, self._rated)

    async def _rated(self, call: Call) -> Response:
        sent: FeedbackRequest = call.body
        if sent.verdict is None and sent.outcome is None:
            raise ValidationFailed("says nothing", field="verdict", details={"rule": "a verdict, an outcome, or both"})
        user = call.caller.user(sent.user_id, "user_id")
        if self.consents:
            await self.consents.must_allow(call.caller, user, "learn")
        rating = Rating(sent.request_id, self.ratings.now(), sent.verdict, sent.reasons, sent.outcome)
        if sent.receipt:
            mark = self.receipts.user(call.caller, user)
            rating = replace(rating, answer=self.receipts.read(call.caller, mark, sent.request_id, sent.receipt))
        kept = await self.ratings.give(call.caller.learner(user), rating, self.receipts.learner(call.caller, user))
        view: FeedbackView = {
            "success": True,
            "rating": rating_view(kept),
            "request_id": call.request_id,
            "timestamp": timestamp(),
        }
        return json_response(view)

    async def list(self, call: Call) -> Response:
        """Gives the ratings of a user."""
        async with audited(call, "ratings_listed"):
            found = await self.ratings.ratings.of(owners_of(call)[-1])
        view: FeedbackListView = {
            "success": True,
            "ratings": [rating_view(one) for one in found],
            "request_id": call.request_id,
            "timestamp": timestamp(),
        }
        return json_response(view)

    async def take_back(self, call: Call) -> Response:
        """Forgets a rating."""
        rated = call.path["id"]
        user = call.caller.user(call.request.query("user_id") or None, "user_id")
        async with audited(call, "rating_erased"):
            await self.ratings.take_back(owners_of(call)[-1], rated, self.receipts.learner(call.caller, user))
        view: FeedbackTakenBackView = {
            "success": True,
            "rated": rated,
            "request_id": call.request_id,
            "timestamp": timestamp(),
        }
        return json_response(view)

    async def export(self, call: Call) -> Response:
        """Gives all ratings as lines; a store that is away is told before the first of them."""
        after = call.request.query("after") or ""
        async with call.audited("ratings_exported"):
            first = await self.ratings.ratings.page(after, PAGE)
        headers = {**DATA, "cache-control": "no-store", "content-disposition": 'attachment; filename="feedback.ndjson"'}
        return StreamingResponse(self._lines(first), media_type=NDJSON, headers=headers)

    async def _lines(self, page: tuple[Listed, ...]) -> AsyncIterator[bytes]:
        while page:
            yield b"".join(to_json(self._line(one)) + b"\n" for one in page)
            page = await self.ratings.ratings.page(page[-1].place, PAGE) if len(page) == PAGE else ()

    def _line(self, one: Listed) -> dict[str, object]:
        """A rating for operators: a user is a pseudonym that only this set can make."""
        return {"place": one.place, "user": self.receipts.keys.key(feedback=one.owner), **rating_view(one.rating)}
