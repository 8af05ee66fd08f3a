"""The question to several mentors at once, and their answer."""

from typing import TYPE_CHECKING, Annotated, Any, NotRequired

from pydantic import Field
from typing_extensions import TypedDict

from ion_mentoring.handlers.contract.requests import Context, Key, Language, Name, ProcessRequest, ReadTone, Text
from ion_mentoring.handlers.contract.views import PerformanceView, RoutingView, decided_view, metadata, performance_view
from ion_mentoring.handlers.web.bodies import Body
from ion_mentoring.handlers.web.call import Call
from ion_mentoring.handlers.web.responses import timestamp
from ion_mentoring.models.protocol import Mode

if TYPE_CHECKING:  # made when several mentors are first asked
    from ion_mentoring.mentoring.answering.joint_values import JointAnswer

FEWEST, MOST = 2, 4  # mentors


class MultiPersonaRequest(Body):
    """One question to several mentors: as to one, with `personas` in place of `persona`."""

    user_input: Text
    resonance_key: Key | None = None
    personas: Annotated[
        list[Name] | None,
        Field(min_length=FEWEST, max_length=MOST, description="In the order in which they speak; else the two who fit best."),
    ] = None
    language: Language | None = None
    context: Annotated[Context, Field(default_factory=Context)]
    include_metadata: bool = True
    use_cache: bool = True
    prompt_mode: Mode = "default"
    read_tone: ReadTone = True

    @property
    def mentors(self) -> int:
        """The number of mentors who are asked."""
        return len(self.personas or ()) or FEWEST

    @property
    def kept(self) -> bool:
        """False where the question is to be answered, and never kept."""
        return self.question().kept

    def question(self) -> ProcessRequest:
        """The question as one mentor is asked it."""
        return ProcessRequest.model_construct(
            user_input=self.user_input,
            resonance_key=self.resonance_key,
            persona=None,
            language=self.language,
            context=self.context,
            include_metadata=self.include_metadata,
            use_cache=self.use_cache,
            prompt_mode=self.prompt_mode,
            read_tone=self.read_tone,
        )


class MultiPersonaView(TypedDict):
    """One answer of several mentors. `content` is what they say together, each under its name; `answers` has what each says,
    as process gives it, or an error form with its `persona_used`, under the request_id `ID-PLACE`."""

    success: bool
    content: str
    persona_used: str
    personas_used: list[str]
    resonance_key: str
    confidence: float
    routing: RoutingView
    answers: list[dict[str, Any]]
    performance: PerformanceView
    metadata: NotRequired[dict[str, Any]]
    request_id: str
    timestamp: str


def multi_persona_view(
    joint: "JointAnswer", answers: list[dict[str, Any]], call: Call, *, with_metadata: bool
) -> MultiPersonaView:
    """The answer of several mentors, with `answers` as the views of its parts."""
    whole = joint.whole
    decided = decided_view(whole)
    view: MultiPersonaView = {
        "success": True,
        "content": whole.content,
        "persona_used": decided["persona_used"],
        "personas_used": [card.name.en for card in joint.spoke],
        "resonance_key": decided["resonance_key"],
        "confidence": decided["confidence"],
        "routing": decided["routing"],
        "answers": answers,
        "performance": performance_view(
            call, layer=whole.cache_layer, stale=whole.stale, cache_key=whole.address.key if whole.address else ""
        ),
        "request_id": call.request_id,
        "timestamp": timestamp(),
    }
    if with_metadata:
        view["metadata"] = metadata(whole)
    return view
