"""The messages of batches, and their work."""

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from msgspec import Struct
from msgspec.structs import asdict
from pydantic import AfterValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from ion_mentoring.access.caller import Caller
from ion_mentoring.errors import InvalidInput, MentoringError, PersonaUnavailable
from ion_mentoring.handlers.contract.answer_requests import answer_request
from ion_mentoring.handlers.contract.item_ids import LENGTH, Sent, named
from ion_mentoring.handlers.contract.requests import ProcessRequest, must_be_kept
from ion_mentoring.handlers.contract.views import decided_view, metadata
from ion_mentoring.handlers.web.bodies import Body
from ion_mentoring.handlers.web.events import Event, Jobs
from ion_mentoring.handlers.web.validation import check, read
from ion_mentoring.mentoring.answering.values import Answer
from ion_mentoring.mentoring.batching.direct import AnswerBatch
from ion_mentoring.mentoring.batching.fanout import Fanout
from ion_mentoring.mentoring.batching.items import Item
from ion_mentoring.mentoring.batching.lane_work import WorkOnLane
from ion_mentoring.mentoring.batching.notices import TellEnd
from ion_mentoring.mentoring.privacy.sweep import SweepStore

TEND = {"tend": True}  # what the scheduler publishes every minute
SCHEDULE = "* * * * *"  # of the scheduler in infra/terraform/modules/delivery/main.tf
BATCH = Caller("batch", everybody=True)
ITEMS_A_MESSAGE = 1_000
OURS = r"^batch_[a-z2-7]{26}$"  # ids that the API gives, and that no publisher may use for its own batch

BatchId = Annotated[str, Field(min_length=1, max_length=LENGTH)]


def _not_ours(batch_id: str) -> str:
    if re.fullmatch(OURS, batch_id):
        raise PydanticCustomError("reserved", "is an id that the API gives")
    return batch_id


class BatchMessage(Body):
    """One item (`item_id`, `request`), a whole batch (`requests`, each with its own `item_id`), or both; no id has to be."""

    model_config = ConfigDict(strict=False)

    batch_id: Annotated[BatchId, AfterValidator(_not_ours)]
    item_id: Any = None
    request: dict[str, Any] | None = None
    requests: Annotated[list[Any], Field(max_length=ITEMS_A_MESSAGE)] | None = None


class LaneMessage(Body):
    """The chunk at the head of a lane of a batch that was handed in."""

    batch_id: Annotated[str, Field(pattern=OURS)]
    lane: Annotated[str, Field(pattern=r"^[0-9]{1,6}-[0-9]{1,3}$")]
    chunk: Annotated[int, Field(ge=0)]


class NoticeMessage(Body):
    """The end of a batch, which is to be told."""

    batch_id: Annotated[str, Field(pattern=OURS)]
    notice: Literal[True]


class BatchWork(Struct, frozen=True):
    """Answers the items of a message. An item that cannot be asked fails for good, with its reason, and no other with it."""

    answer: AnswerBatch
    lane: WorkOnLane
    tell: TellEnd
    fanout: Fanout
    jobs: Jobs
    sweep: SweepStore

    async def __call__(self, event: Event) -> Mapping[str, Any]:
        """The outcome of the items; PersonaUnavailable if some have to come again, which brings the message back."""
        sent = read(event.data)
        if isinstance(sent, dict) and "lane" in sent:
            message = check(LaneMessage, sent)
            return await self.lane(message.batch_id, message.lane, message.chunk)
        if isinstance(sent, dict) and "notice" in sent:
            return await self.tell(check(NoticeMessage, sent).batch_id)
        if sent == TEND:
            async with self.jobs.job("batch-sweep", SCHEDULE):
                return {"repeated": await self.fanout.tend(), "swept": await self.sweep()}
        return await self._direct(items_of(check(BatchMessage, sent), event.id))

    async def bury(self, event: Event) -> Mapping[str, Any]:
        """Gives the items of a dead letter up: they have failed. What was no message at all is told in the log."""
        try:
            sent = read(event.data)
            if isinstance(sent, dict) and ("lane" in sent or "notice" in sent):
                return {"buried": 0}  # its place is in the store, from where it is sent again
            tally = await self.answer.bury(items_of(check(BatchMessage, sent), event.id), PersonaUnavailable.code)
        except InvalidInput as error:
            return self._no_message(error)
        except MentoringError as error:
            if error.status >= 500:
                raise
            return self._no_message(error)
        return {"buried": tally.failed}

    async def _direct(self, items: tuple[Item, ...]) -> Mapping[str, Any]:
        tally = await self.answer(items)
        if tally.left:
            raise PersonaUnavailable("items left", details=asdict(tally), retry_after_s=1)
        return asdict(tally)

    def _no_message(self, error: MentoringError) -> Mapping[str, Any]:
        self.fanout.log.error("dead_letter_unreadable", code=error.code, field=error.field or "", reason=str(error))
        return {"buried": 0}


def items_of(message: BatchMessage, message_id: str = "") -> tuple[Item, ...]:
    """The items of either form; InvalidInput for neither."""
    sent = [] if message.request is None else [Sent(0, message.item_id, message.request)]
    sent += [_sent(place, request) for place, request in enumerate(message.requests or (), 1)]
    if not sent and message.requests is None:
        raise InvalidInput("neither an item nor a batch", field="request")
    return tuple(
        Item(message.batch_id, item_id, None, refused, owner=_whose(request))
        if refused
        else _item(message.batch_id, item_id, request)
        for item_id, request, refused in named(sent, message_id)
    )


def _sent(place: int, listed: Any) -> Sent:
    if not isinstance(listed, dict):
        return Sent(place, None, listed)
    return Sent(place, listed.get("item_id"), {name: value for name, value in listed.items() if name != "item_id"})


def _item(batch_id: str, item_id: str, request: Any) -> Item:
    try:
        sent = check(ProcessRequest, request)
        must_be_kept(sent)
        return Item(batch_id, item_id, answer_request(sent, BATCH), owner=_whose(request))
    except MentoringError as error:
        refused = f"{error.code}: {error.field or ''}".rstrip(": ")
        return Item(batch_id, item_id, None, refused=refused, owner=_whose(request))


def _whose(request: Any) -> str:
    """The owner of what is kept of an item, also of one that cannot be asked."""
    context = request.get("context") if isinstance(request, dict) else None
    user = context.get("user_id") if isinstance(context, dict) else None
    return BATCH.owner(user if isinstance(user, str) else None)


def stored_view(answer: Answer) -> dict[str, Any]:
    """An answer as a batch keeps it: as v2 shows it, without what belongs to one call. One in danger is marked for a person."""
    view = {"content": answer.content, **decided_view(answer), "metadata": metadata(answer)}
    if answer.safety or answer.care:
        view["look_first"] = True
    return view
