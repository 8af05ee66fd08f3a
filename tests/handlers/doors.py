"""The doors by which a question comes in, each asked in its own way, with what became of the question told in one way."""

import base64
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from uuid import uuid4

import httpx2

from ion_mentoring.handlers.web.app import App
from ion_mentoring.handlers.web.call import Endpoints
from ion_mentoring.handlers.web.events import EventEndpoints
from ion_mentoring.handlers.workers.batch import BatchWork, stored_view
from ion_mentoring.mentoring.answering.answer import AnswerQuestion
from ion_mentoring.mentoring.batching.direct import AnswerBatch
from ion_mentoring.mentoring.batching.items import AnswerItems
from ion_mentoring.telemetry.events import EventLog
from ion_mentoring.telemetry.unreported import Unreported
from ion_mentoring.wiring.stores import stores
from tests.fakes import Reports, client

JSON: Final = {"content-type": "application/json"}
ACCEPTS: Final = {"accept": "text/event-stream"}


@dataclass(frozen=True)
class Outcome:
    """An answer, or the code and the field of a refusal."""

    answer: Mapping[str, Any] | None = None
    code: str = ""
    field: str = ""


Door = Callable[[App, bytes], Awaitable[Outcome]]


async def process(router: App, body: bytes) -> Outcome:
    return _outcome(await _post(router, "/api/v2/process", body))


async def stream(router: App, body: bytes) -> Outcome:
    response = await _post(router, "/api/v2/process", body, ACCEPTS)
    if response.status_code != 200:
        return _outcome(response)
    last = response.text.strip().rpartition("\ndata: ")[2]
    return Outcome(json.loads(last))


async def bulk(router: App, body: bytes) -> Outcome:
    """The question between two good ones, which it may not spoil."""
    items = b'{"user_input": "before"}, %b, {"user_input": "after"}' % body
    response = await _post(router, "/api/v2/bulk-process", b'{"requests": [%b]}' % items)
    before, item, after = response.json()["results"]
    assert before["success"]
    assert after["success"]
    return Outcome(item) if item["success"] else _refused(item["error"])


async def together(router: App, body: bytes) -> Outcome:
    """The question to the two mentors who fit best."""
    return _outcome(await _post(router, "/api/v2/chat/multi-persona", body))


async def batch_item(router: App, body: bytes) -> Outcome:
    return await _batch(router, b'{"batch_id": "b", "item_id": "it", "request": %b}' % body)


async def batch_list(router: App, body: bytes) -> Outcome:
    """The question between two good ones, in a message that comes as a whole."""
    item = b'{"item_id": "it", ' + body.lstrip()[1:]
    items = b'{"item_id": "a", "user_input": "before"}, %b, {"item_id": "z", "user_input": "after"}' % item
    return await _batch(router, b'{"batch_id": "b", "requests": [%b]}' % items)


async def v1_process(router: App, body: bytes) -> Outcome:
    return _v1_outcome(await _post(router, "/api/persona/process", body))


async def v1_chat(router: App, body: bytes) -> Outcome:
    outcome = _v1_outcome(await _post(router, "/chat", body.replace(b'"user_input"', b'"message"')))
    return Outcome(outcome.answer, outcome.code, outcome.field.replace("message", "user_input"))


V2: Final[Mapping[str, Door]] = {
    "process": process,
    "stream": stream,
    "bulk": bulk,
    "batch item": batch_item,
    "batch list": batch_list,
}
V1: Final[Mapping[str, Door]] = {"v1 process": v1_process, "v1 chat": v1_chat}
ALL: Final = {**V2, **V1}


async def _post(function: App, path: str, body: bytes, headers: Mapping[str, str] | None = None) -> httpx2.Response:
    async with client(function) as asked:
        return await asked.post(path, content=body, headers={**JSON, **(headers or {})})


def _outcome(response: httpx2.Response) -> Outcome:
    body = response.json()
    return Outcome(body) if response.status_code == 200 else _refused(body["error"])


def _refused(error: Mapping[str, Any]) -> Outcome:
    return Outcome(code=error["code"], field=error["field"] or "")


def _v1_outcome(response: httpx2.Response) -> Outcome:
    """v1 names field and code in a list where a field broke its rule, and says of an empty text only that it is."""
    body = response.json()
    if response.status_code == 200:
        return Outcome(body)
    if isinstance(body["detail"], str):
        return Outcome(code={400: "INVALID_INPUT"}[response.status_code], field="user_input")
    (wrong,) = body["detail"]
    return Outcome(code=wrong["type"].upper(), field=".".join(wrong["loc"][1:]))


async def _batch(router: App, message: bytes) -> Outcome:
    """The item's result, once its message was pushed to a batch function that answers as the router does."""
    results = stores("sqlite:///:memory:").batches
    log = EventLog("batch", write=lambda line: None)
    items = AnswerItems(answering(router), results, log, lambda: datetime.now(UTC), stored_view)
    work = BatchWork(AnswerBatch(items), lane=None, tell=None, fanout=None, jobs=Unreported(), sweep=None)  # type: ignore[arg-type] # publishers
    function = App(Endpoints(*EventEndpoints(work).endpoints()), log, Reports(), lambda: uuid4().hex, 30)
    pushed = {"message": {"data": base64.b64encode(message).decode(), "messageId": "1"}}
    response = await _post(function, "/", json.dumps(pushed).encode())
    if response.status_code != 200:
        return _refused(response.json()["error"])
    stored = {result.item_id: result for result in await results.of("b")}
    assert all(result.state == "answered" for name, result in stored.items() if name != "it")
    item = stored["it"]
    code, _, field = (item.reason or "").partition(": ")
    return Outcome(item.answer) if item.answer else Outcome(code=code, field=field)


def answering(router: App) -> AnswerQuestion:
    """The use case behind a router's endpoints."""
    (endpoint,) = [one for one in router.endpoints.all if one.path == "/api/v2/process"]
    answer: AnswerQuestion = endpoint.run.__self__.answer  # type: ignore[attr-defined]
    return answer
