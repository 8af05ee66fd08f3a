"""The message of a batch, and its work."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Annotated, Any

from pydantic import ConfigDict, Field

from ion_mentoring.access.caller import Caller
from ion_mentoring.errors import InvalidInput, MentoringError, PersonaUnavailable
from ion_mentoring.handlers.contract.answer_requests import answer_request
from ion_mentoring.handlers.contract.item_ids import LENGTH, Sent, named
from ion_mentoring.handlers.contract.requests import ProcessRequest
from ion_mentoring.handlers.contract.views import decided_view, metadata
from ion_mentoring.handlers.web.bodies import Body
from ion_mentoring.handlers.web.events import Event
from ion_mentoring.handlers.web.validation import check, parse
from ion_mentoring.mentoring.answering.values import Answer
from ion_mentoring.mentoring.batching import AnswerBatch, Item

BATCH = Caller("batch", everybody=True)
ITEMS_A_MESSAGE = 1_000

BatchId = Annotated[str, Field(min_length=1, max_length=LENGTH)]


class BatchMessage(Body):
    """One item (`item_id`, `request`), a whole batch (`requests`, each with its own `item_id`), or both; no id has to be."""

    model_config = ConfigDict(strict=False)

    batch_id: BatchId
    item_id: Any = None
    request: dict[str, Any] | None = None
    requests: Annotated[list[Any], Field(max_length=ITEMS_A_MESSAGE)] | None = None


@dataclass(frozen=True, slots=True)
class BatchWork:
    """Answers the items of a message. An item that cannot be asked fails for good, with its reason, and no other with it."""

    answer: AnswerBatch

    async def __call__(self, event: Event) -> Mapping[str, Any]:
        """The outcome of the items; PersonaUnavailable if some have to come again, which brings the message back."""
        tally = await self.answer(items_of(parse(BatchMessage, event.data), event.id))
        if tally.left:
            raise PersonaUnavailable("items left", details=asdict(tally), retry_after_s=1)
        return asdict(tally)


def items_of(message: BatchMessage, message_id: str = "") -> tuple[Item, ...]:
    """The items of either form; InvalidInput for neither."""
    sent = [] if message.request is None else [Sent(0, message.item_id, message.request)]
    sent += [_sent(place, request) for place, request in enumerate(message.requests or (), 1)]
    if not sent and message.requests is None:
        raise InvalidInput("neither an item nor a batch", field="request")
    return tuple(
        Item(message.batch_id, item_id, None, refused) if refused else _item(message.batch_id, item_id, request)
        for item_id, request, refused in named(sent, message_id)
    )


def _sent(place: int, listed: Any) -> Sent:
    if not isinstance(listed, dict):
        return Sent(place, None, listed)
    return Sent(place, listed.get("item_id"), {name: value for name, value in listed.items() if name != "item_id"})


def _item(batch_id: str, item_id: str, request: Any) -> Item:
    try:
        return Item(batch_id, item_id, answer_request(check(ProcessRequest, request), BATCH))
    except MentoringError as error:
        return Item(batch_id, item_id, None, refused=f"{error.code}: {error.field or ''}".rstrip(": "))


def stored_view(answer: Answer) -> dict[str, Any]:
    """An answer as a batch keeps it: as v2 shows it, without what belongs to one call. One in danger is marked for a person."""
    view = {"content": answer.content, **decided_view(answer), "metadata": metadata(answer)}
    if answer.safety or answer.care:
        view["look_first"] = True
    return view
