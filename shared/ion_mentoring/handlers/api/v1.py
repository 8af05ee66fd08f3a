"""The endpoints of v1, for clients of the monolith that will not change."""

from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any, Final

from msgspec import Struct
from starlette.responses import Response
from typing_extensions import TypedDict

from ion_mentoring import __version__
from ion_mentoring.access.permissions import ANYONE, ASKS
from ion_mentoring.handlers.api.answered import Answered
from ion_mentoring.handlers.contract.requests import V1ChatRequest, V1ProcessRequest
from ion_mentoring.handlers.contract.views import metadata
from ion_mentoring.handlers.web.call import Call, Endpoint, elapsed_ms
from ion_mentoring.handlers.web.responses import json_response, v1_error_form
from ion_mentoring.mentoring.answering.answer import AnswerQuestion
from ion_mentoring.mentoring.answering.values import Answer, AnswerRequest
from ion_mentoring.understanding.resonance.key import ResonanceKey

DEPRECATED_ON: Final = datetime(2026, 12, 1, tzinfo=UTC)
SUNSET_ON: Final = datetime(2028, 1, 1, tzinfo=UTC)
GUIDE: Final = "/docs/migration"

# RFC 9745 (Deprecation), RFC 8594 (Sunset)
LEAVING: Final = {
    "deprecation": f"@{int(DEPRECATED_ON.timestamp())}",
    "sunset": format_datetime(SUNSET_ON, usegmt=True),
    "link": f'<{GUIDE}>; rel="deprecation"; type="text/html", <{GUIDE}>; rel="sunset"; type="text/html"',
}


class V1ChatView(TypedDict):
    """The monolith's chat answer."""

    content: str
    persona_used: str
    resonance_key: str
    confidence: float
    metadata: dict[str, Any]


class V1AnswerView(V1ChatView):
    """The monolith's answer."""

    execution_time_ms: float


class V1(Struct, frozen=True):
    """`open` lets callers without a credential in, as the monolith did; their address is what the rate counts by."""

    answer: AnswerQuestion
    answered: Answered
    open: bool

    def endpoints(self) -> tuple[Endpoint, ...]:
        """The table of v1."""
        allows = ANYONE if self.open else ASKS
        return (
            Endpoint(
                "POST",
                "/api/persona/process",
                self._process,
                "v1: one answer",
                V1ProcessRequest,
                V1AnswerView,
                allows,
                error_form=v1_error_form,
                headers=LEAVING,
            ),
            Endpoint(
                "POST",
                "/chat",
                self._chat,
                "v1: one answer to a message",
                V1ChatRequest,
                V1ChatView,
                allows,
                error_form=v1_error_form,
                headers=LEAVING,
            ),
            Endpoint(
                "GET",
                "/health",
                self._health,
                "v1: liveness",
                allows=ANYONE,
                limited=False,
                error_form=v1_error_form,
                headers=LEAVING,
            ),
        )

    async def _process(self, call: Call) -> Response:
        sent: V1ProcessRequest = call.body
        answer = await self.answer(
            AnswerRequest(
                text=sent.user_input, caller=call.caller, key=ResonanceKey.legacy(sent.resonance_key), country=call.country
            )
        )
        self.answered(call, answer)
        view: V1AnswerView = {**v1_view(answer), "execution_time_ms": elapsed_ms(call)}
        return json_response(view)

    async def _chat(self, call: Call) -> Response:
        sent: V1ChatRequest = call.body
        answer = await self.answer(
            AnswerRequest(
                text=sent.message, caller=call.caller, user_id=call.caller.user(sent.user_id, "user_id"), country=call.country
            )
        )
        self.answered(call, answer)
        return json_response(v1_view(answer))

    async def _health(self, _call: Call) -> Response:
        return json_response({"status": "healthy", "version": __version__})


def v1_view(answer: Answer) -> V1ChatView:
    """An answer as v1 shows it."""
    route = answer.decision.route
    return {
        "content": answer.content,
        "persona_used": answer.persona.name.en,
        "resonance_key": str(answer.decision.key),
        "confidence": route.confidence,
        "metadata": {
            **metadata(answer),
            "routing_result": {
                "secondary_persona": route.names[route.secondary] if route.secondary else None,
                "all_scores": {route.names[persona]: score for persona, score in route.scores.items()},
                "reasoning": answer.reasoning,
            },
        },
    }
