"""The export of a user as a response: records as they are read, in pieces, so that memory does not grow with what is kept."""

from collections.abc import AsyncIterator, Sequence
from typing import Any, Final

from msgspec import Struct
from starlette.responses import Response, StreamingResponse

from ion_mentoring.catalogue.texts import preferred
from ion_mentoring.errors import StoreUnavailable, ValidationFailed
from ion_mentoring.handlers.contract.export_forms import ExportForm, HtmlForm, JsonForm, export_words
from ion_mentoring.handlers.contract.user_exports import record_of
from ion_mentoring.handlers.web.call import Call
from ion_mentoring.handlers.web.responses import timestamp
from ion_mentoring.mentoring.privacy.export_user import ExportUser
from ion_mentoring.mentoring.privacy.kept import kept_table
from ion_mentoring.resilience.deadline import CURRENT, Deadline
from ion_mentoring.telemetry.events import EventLog

FORM: Final = "ion-export/1"
PIECE: Final = 64 * 1024  # characters
RECORD_WITHIN_S: Final = 15.0  # the request's own time is over long before a large export is
HTML: Final = "text/html"

Records = AsyncIterator[tuple[str, object]]
Waiting = tuple[str, object] | None


class UserExports(Struct, frozen=True):
    """Makes the response. `processors` are the names of who else processes, and which one each is."""

    export_user: ExportUser
    processors: Sequence[tuple[str, str]]
    log: EventLog

    async def __call__(self, call: Call, owners: Sequence[str]) -> Response:
        """The response; a store that is away is told before the first record."""
        form = self._form(call)
        CURRENT.set(Deadline.after(RECORD_WITHIN_S))
        records = self.export_user(owners)
        first = await anext(records, None)
        response = StreamingResponse(self._pieces(form, first, records))
        response.raw_headers = [(name.encode(), value.encode()) for name, value in form.headers.items()]
        return response

    def _form(self, call: Call) -> ExportForm:
        asked = call.request.query("format")
        if asked not in (None, "json", "html"):
            raise ValidationFailed("format", field="format", details={"allowed": ["json", "html"]})
        language = preferred(call.request.header(b"accept-language") or "")
        head = self._head(call, language)
        page = asked == "html" or (asked is None and call.request.accepts(HTML))
        return HtmlForm.of(head, language) if page else JsonForm.of(head)

    def _head(self, call: Call, language: str) -> dict[str, Any]:
        table, words = kept_table(), export_words().processor
        return {
            "success": True,
            "form": FORM,
            "user_id": call.path["id"],
            "kinds": [
                {
                    "kind": one.id,
                    "what": one.what.in_(language),
                    "where": table.where(one, language),
                    "kept": table.period(one, language),
                    "why": one.why.in_(language),
                    "basis": table.basis[one.basis].in_(language),
                    "exported": one.told,
                }
                for one in table.kind
            ],
            "processors": [
                {"processor": name, "what": words[name].in_(language).format(which=which)} for name, which in self.processors
            ],
            "request_id": call.request_id,
            "timestamp": timestamp(),
        }

    async def _pieces(self, form: ExportForm, waiting: Waiting, records: Records) -> AsyncIterator[bytes]:
        told, count = [form.begin()], 0
        complete = True
        for kind in (one.name for one in self.export_user.kinds):
            told.append(form.kind(kind))
            first = True
            while waiting and waiting[0] == kind:
                told.append(form.record(record_of(waiting[1]), first=first))
                first, count = False, count + 1
                if sum(map(len, told)) > PIECE:
                    yield _bytes(told)
                    told = []
                waiting, complete = await _next(records)
            told.append(form.end_kind(empty=first))
        told.append(form.end(complete=complete))
        yield _bytes(told)
        self.log.info("user_exported", records=count, complete=complete)


async def _next(records: Records) -> tuple[Waiting, bool]:
    """The next record, in a time of its own; False where the store stopped answering, which ends the export."""
    CURRENT.set(Deadline.after(RECORD_WITHIN_S))
    try:
        return await anext(records, None), True
    except StoreUnavailable:
        return None, False


def _bytes(told: Sequence[str]) -> bytes:
    return "".join(told).encode("utf-8", "replace")
