"""The calls of the endpoints for batches."""

import re
from collections.abc import AsyncIterator, Callable, Sequence
from functools import partial
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace
from starlette.responses import Response, StreamingResponse

from ion_mentoring.access.caller import Caller
from ion_mentoring.errors import NotFound, ValidationFailed
from ion_mentoring.handlers.contract.batches.reading import CSV, NDJSON, BatchOptions, read_batch
from ion_mentoring.handlers.contract.batches.views import (
    batch_view,
    csv_lines,
    item_view,
    ndjson_lines,
)
from ion_mentoring.handlers.contract.requests import ProcessRequest, must_be_kept
from ion_mentoring.handlers.web.call import Call
from ion_mentoring.handlers.web.idempotency import Idempotency
from ion_mentoring.handlers.web.responses import json_response, timestamp
from ion_mentoring.handlers.web.security_headers import DATA
from ion_mentoring.handlers.web.upload import Upload
from ion_mentoring.mentoring.batching.ending import EndBatch
from ion_mentoring.mentoring.batching.progress import PAGE, BatchProgress
from ion_mentoring.mentoring.batching.submit import SubmitBatch, Wishes
from ion_mentoring.personas.roster import Roster
from ion_mentoring.records.batches.submissions import Batch, Owner, SubmittedItem

ID: Final = re.compile(r"batch_[a-z2-7]{26}")


class BatchCalls(Struct, frozen=True):
    """The collaborators of the calls; `secrets` are those that sign what a caller's webhooks get, the newest first, and
    `may_call` refuses a webhook that is not to be called at all."""

    submit_batch: SubmitBatch
    progress: BatchProgress
    end: EndBatch
    idempotency: Idempotency
    roster: Roster
    new_id: Callable[[], str]
    secrets: Callable[[str], Sequence[str]]
    may_call: Callable[[str], None]

    async def submit(self, call: Call) -> Response:
        """Hands in a batch."""
        upload = Upload(call.request)
        query = {name: value for name in BatchOptions.model_fields if (value := call.request.query(name)) is not None}
        items, options = await read_batch(upload, query, self._answerable)
        if options.webhook_url:
            self.may_call(options.webhook_url)
        sent = upload.digest + options.model_dump_json().encode()
        keep = partial(self._kept, items=items, options=options)
        response = await self.idempotency.once(replace(call, sent=sent), keep)
        response.status_code = 202
        return response

    async def _kept(self, call: Call, items: tuple[SubmittedItem, ...], options: BatchOptions) -> Response:
        owner = _owner(call.caller)
        wishes = Wishes(options.name, options.webhook_url, options.keep, call.country)
        batch = await self.submit_batch(items, owner, wishes, call.entry or self.new_id())
        secrets = self.secrets(f"{owner.tenant}/{owner.caller}") if batch.webhook else ()
        return self._answer(call, batch_view(batch, await self.progress(batch), secrets))

    def _answerable(self, request: ProcessRequest) -> None:
        must_be_kept(request)
        if request.persona is not None:
            self.roster.named(request.persona)

    async def list(self, call: Call) -> Response:
        """Lists the caller's batches."""
        batches = await self.submit_batch.submissions.listed(_owner(call.caller), 100)
        listed = [batch_view(batch) for batch in batches]
        return json_response({"success": True, "batches": listed, **_about(call)})

    async def show(self, call: Call) -> Response:
        """Shows how far a batch is."""
        batch = await self._own(call)
        return self._answer(call, batch_view(batch, await self.progress(batch)))

    async def cancel(self, call: Call) -> Response:
        """Cancels what has not run."""
        batch = await self.end.cancel(await self._own(call))
        return self._answer(call, batch_view(batch, await self.progress(batch)))

    async def replay(self, call: Call) -> Response:
        """Tries what failed again."""
        return await self.idempotency.once(call, self._replayed)

    async def _replayed(self, call: Call) -> Response:
        batch = await self.end.replay(await self._own(call))
        return self._answer(call, batch_view(batch, await self.progress(batch)))

    async def results(self, call: Call) -> Response:
        """Gives the results of a batch."""
        batch = await self._own(call)
        for kind in (CSV, NDJSON):
            if call.request.accepts(kind):
                return self._streamed(batch, kind)
        after, limit = _number(call, "cursor", 0, 0, 99_999), _number(call, "limit", 100, 1, PAGE)
        rows = await self.progress.rows(batch, after, limit, self.progress.names())
        last = after + limit
        page = {
            "success": True,
            "batch_id": batch.id,
            "state": batch.state,
            "complete": batch.state != "running",
            "results": [item_view(row) for row in rows],
            "next_cursor": str(last) if last < batch.total else None,
        }
        return json_response(page | _about(call))

    def _streamed(self, batch: Batch, kind: str) -> Response:
        headers = {
            **DATA,
            "cache-control": "no-store",
            "content-disposition": f'attachment; filename="{batch.id}.{"csv" if kind == CSV else "ndjson"}"',
            "x-batch-complete": str(batch.state != "running").lower(),
        }
        return StreamingResponse(self._pieces(batch, kind), media_type=kind, headers=headers)

    async def _pieces(self, batch: Batch, kind: str) -> AsyncIterator[bytes]:
        """All results, a page at a time, so that memory does not grow with the batch."""
        names = self.progress.names()
        if kind == CSV:
            yield b"\xef\xbb\xbf"  # so that a spreadsheet reads UTF-8
        for after in range(0, batch.total, PAGE):
            rows = await self.progress.rows(batch, after, PAGE, names)
            yield csv_lines(rows, head=after == 0) if kind == CSV else ndjson_lines(rows)

    async def _own(self, call: Call) -> Batch:
        """The batch of the path; NotFound for another caller's, as for one that never was."""
        asked = call.path["id"]
        batch = await self.submit_batch.submissions.get(asked) if ID.fullmatch(asked) else None
        if batch is None or not call.caller.reaches(batch.owner.tenant, batch.owner.caller):
            raise NotFound("no such batch")
        if batch.owner.caller != call.caller.id:  # an admin's way into what another caller handed in
            async with call.audited(
                "batch_read" if call.request.method == "GET" else "batch_changed", batch.id, batch.owner.tenant
            ):
                pass
        return batch

    @staticmethod
    def _answer(call: Call, view: Any) -> Response:
        return json_response({"success": True, "batch": view, **_about(call)})


def _owner(caller: Caller) -> Owner:
    return Owner(caller.tenant, caller.id, tuple(sorted(caller.roles)), caller.monthly_tokens)


def _about(call: Call) -> dict[str, str]:
    return {"request_id": call.request_id, "timestamp": timestamp()}


def _number(call: Call, name: str, default: int, least: int, most: int) -> int:
    sent = call.request.query(name)
    if sent is None:
        return default
    if not (sent.isascii() and sent.isdigit() and len(sent) < 6 and least <= int(sent) <= most):
        raise ValidationFailed(name, field=name, details={"rule": f"a whole number from {least} to {most}"})
    return int(sent)
