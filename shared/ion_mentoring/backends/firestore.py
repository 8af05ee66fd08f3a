"""The connection to Firestore: the one place that knows its client and its client's errors.

The client is made at the first call, since an asynchronous one belongs to the event loop it is first used in, and in a
thread, since finding the credentials may ask the network and would stop the loop. FIRESTORE_EMULATOR_HOST is honoured. Every
call has a time limit and no retries of the client's own: with its default retry it ignores the limit.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

from google.api_core.datetime_helpers import DatetimeWithNanoseconds
from google.api_core.exceptions import (
    AlreadyExists,
    FailedPrecondition,
    GoogleAPICallError,
    InvalidArgument,
    NotFound,
    RetryError,
)
from google.auth.exceptions import GoogleAuthError
from google.cloud.firestore import (
    AsyncClient,
    AsyncCollectionReference,
    AsyncDocumentReference,
    AsyncWriteBatch,
    ExistsOption,
    FieldFilter,
    Increment,
    LastUpdateOption,
    Maximum,
    Query,
)
from msgspec import Struct, field

from ion_mentoring.errors import StoreRefused, StoreUnavailable
from ion_mentoring.resilience.deadline import limit_s

TIMEOUT_S = 3.0
WHOLE = 100  # times as long for what goes through all documents
PAGE = 300  # documents deleted in one commit; Firestore takes 500

Document = Mapping[str, Any]


class Created(Struct, frozen=True):
    """A document that must not be there yet."""

    collection: str
    name: str
    document: Document


class Added(Struct, frozen=True):
    """Integers to add to a document's fields, which may be nested; it is made if it is not there."""

    collection: str
    name: str
    numbers: Mapping[str, Any]
    fields: Document = field(default_factory=dict)


class Deleted(Struct, frozen=True):
    """A document that must be there, and goes."""

    collection: str
    name: str


class Replaced(Struct, frozen=True):
    """All fields of a document that is still of a version."""

    collection: str
    name: str
    document: Document
    version: str


class Found(Struct, frozen=True):
    """A document of a group of collections: the name of what its collection belongs to, its own, and its fields."""

    parent: str
    name: str
    document: Document
    path: str = ""


Change = Created | Added | Deleted | Replaced


class Documents:
    """Collections of one database, by path (`batches/b-1/results`). Every failure is a StoreUnavailable."""

    def __init__(self, project: str, database: str = "(default)", *, timeout_s: float = TIMEOUT_S) -> None:
        self._project = project
        self._database = database
        self._timeout_s = timeout_s
        self._clients: dict[asyncio.AbstractEventLoop, AsyncClient] = {}

    async def get(self, collection: str, name: str) -> Document | None:
        """One document, None where there is none."""
        async with self._answering():
            reference = (await self._at(collection)).document(name)
            found = await reference.get(retry=None, timeout=self._timeout_s)
            return found.to_dict() if found.exists else None

    async def create(self, collection: str, name: str, document: Document) -> bool:
        """Writes a document; False, and nothing written, if there is one of that name."""
        return await self.create_all(collection, {name: document})

    async def create_all(self, collection: str, documents: Mapping[str, Document]) -> bool:
        """Writes up to 500 documents in one commit; False, and none of them written, if there is one of the same name."""
        async with self._answering():
            at = await self._at(collection)
            batch = (await self._client()).batch()
            for name, document in documents.items():
                batch.create(at.document(name), dict(document))
            try:
                await batch.commit(retry=None, timeout=self._timeout_s)
            except AlreadyExists:
                return False
            return True

    async def commit(self, changes: Sequence[Change]) -> list[list[int]] | None:
        """Makes all changes in one commit; None, and none of them made, if a document is there or is not against its rule.

        Gives what came of the sums, by change: one integer for each that was added, in no order if they are several.
        """
        async with self._answering():
            batch = (await self._client()).batch()
            for change in changes:
                _put(batch, (await self._at(change.collection)).document(change.name), change)
            try:
                results = await batch.commit(retry=None, timeout=self._timeout_s)
            except (AlreadyExists, NotFound):
                return None
            except FailedPrecondition:
                if any(isinstance(change, Replaced) for change in changes):
                    return None
                raise
            return [[value.integer_value for value in result.transform_results] for result in results]

    async def added(self, collection: str, name: str, document: Document) -> str | None:
        """Writes a document and gives its version; None, and nothing written, if there is one of that name."""
        return await self._put(collection, name, lambda batch, at: batch.create(at, dict(document)))

    async def versioned(self, collection: str, name: str) -> tuple[Document, str] | None:
        """One document with its version, None where there is none."""
        async with self._answering():
            reference = (await self._at(collection)).document(name)
            found = await reference.get(retry=None, timeout=self._timeout_s)
            return (found.to_dict() or {}, found.update_time.rfc3339()) if found.exists else None

    async def replaced(self, collection: str, name: str, document: Document, version: str) -> str | None:
        """Writes all fields of a document that is still of a version; its next version, None if it is of another."""
        return await self._put(collection, name, lambda batch, at: batch.update(at, dict(document), option=_only(version)))

    async def raised(self, collection: str, name: str, numbers: Mapping[str, int], fields: Document) -> None:
        """Raises integers of a document that are lower, and writes its other fields; it is made if it is not there."""
        async with self._answering():
            at = (await self._at(collection)).document(name)
            highest = {field: Maximum(value) for field, value in numbers.items()}
            await at.set({**fields, **highest}, merge=True, retry=None, timeout=self._timeout_s)

    async def newest(self, collection: str, by: str, limit: int, *, before: Any = None) -> list[Document]:
        """The last documents in the order of a field, newest first; those before a value of it, where there is one."""
        async with self._answering():
            query = (await self._at(collection)).order_by(by, direction=Query.DESCENDING).limit(limit)
            query = query if before is None else query.start_after({by: before})
            return [found.to_dict() or {} async for found in query.stream(retry=None, timeout=self._timeout_s)]

    async def oldest(self, collection: str, by: str) -> Document | None:
        """The first document in the order of a field."""
        async with self._answering():
            query = (await self._at(collection)).order_by(by).limit(1)
            found = [one.to_dict() or {} async for one in query.stream(retry=None, timeout=self._timeout_s)]
            return found[0] if found else None

    async def some(self, collection: str, names: Sequence[str]) -> dict[str, Document]:
        """The documents that there are of these names, in one call."""
        async with self._answering():
            at, client = await self._at(collection), await self._client()
            stream = client.get_all([at.document(name) for name in names], retry=None, timeout=self._timeout_s)
            return {found.id: found.to_dict() or {} async for found in stream if found.exists}

    async def range(self, collection: str, first: str, last: str) -> list[Document]:
        """The documents from one name to another, in the order of their names."""
        return list((await self.named_range(collection, first, last)).values())

    async def named_range(self, collection: str, first: str, last: str) -> dict[str, Document]:
        """The documents from one name to another, by name, in the order of their names."""
        async with self._answering():
            at = await self._at(collection)
            bounds = ({"__name__": at.document(first)}, {"__name__": at.document(last)})
            query = at.order_by("__name__").start_at(bounds[0]).end_at(bounds[1])
            return {found.id: found.to_dict() or {} async for found in query.stream(retry=None, timeout=self._timeout_s)}

    async def after(self, collection: str, name: str, limit: int) -> list[tuple[str, Document]]:
        """The documents after a name, in the order of their names."""
        async with self._answering():
            at = await self._at(collection)
            query = at.order_by("__name__").limit(limit)
            query = query.start_after({"__name__": at.document(name)}) if name else query
            return [(found.id, found.to_dict() or {}) async for found in query.stream(retry=None, timeout=self._timeout_s)]

    async def without(self, group: str, field: str, size: int) -> AsyncIterator[list[Found]]:
        """Documents of all collections of a name that have no such field, some at a time; it goes through all documents."""
        page: list[Found] = []
        async with self._answering(pages=WHOLE):
            query = (await self._client()).collection_group(group)
            async for one in query.stream(retry=None, timeout=self._timeout_s * WHOLE):
                document = one.to_dict() or {}
                if field not in document:
                    page.append(_found(one, document))
                if len(page) == size:
                    yield page
                    page = []
        if page:
            yield page

    async def everything(self) -> AsyncIterator[tuple[str, Document]]:
        """Every document of the database by its path, also those of collections below documents that are not there."""
        async with self._answering(pages=WHOLE):
            waiting = [one async for one in (await self._client()).collections(retry=None, timeout=self._timeout_s)]
            while waiting:
                async for reference in waiting.pop().list_documents(retry=None, timeout=self._timeout_s * WHOLE):
                    found = await reference.get(retry=None, timeout=self._timeout_s)
                    if found.exists:
                        yield reference.path, found.to_dict() or {}
                    waiting += [one async for one in reference.collections(retry=None, timeout=self._timeout_s)]

    async def everywhere(
        self, group: str, field: str, value: str, limit: int, *, among: bool = False, after: str = ""
    ) -> list[Found]:
        """Documents of all collections of a name in which a field is a value, or has it `among` others; from a path on."""
        async with self._answering():
            whose = FieldFilter(field, "array_contains" if among else "==", value)
            client = await self._client()
            query = client.collection_group(group).where(filter=whose).order_by("__name__").limit(limit)
            query = query.start_after({"__name__": client.document(after)}) if after else query
            stream = query.stream(retry=None, timeout=self._timeout_s)
            return [_found(one, one.to_dict() or {}) async for one in stream]

    async def count(self, collection: str, field: str, value: Any) -> int:
        """The number of documents in which a field has a value, counted by the store."""
        async with self._answering():
            query = (await self._at(collection)).where(filter=FieldFilter(field, "==", value)).count()
            ((counted,),) = await query.get(retry=None, timeout=self._timeout_s)  # type: ignore[call-arg] # of Google's
            return int(counted.value)

    async def matching(self, collection: str, field: str, value: Any) -> dict[str, Document]:
        """The documents in which a field has a value, by name."""
        async with self._answering():
            query = (await self._at(collection)).where(filter=FieldFilter(field, "==", value))
            return {found.id: found.to_dict() or {} async for found in query.stream(retry=None, timeout=self._timeout_s)}

    async def matching_after(self, collection: str, field: str, value: Any, name: str, limit: int) -> dict[str, Document]:
        """The documents in which a field has a value, in the order of their names, from one on."""
        async with self._answering():
            at = await self._at(collection)
            query = at.where(filter=FieldFilter(field, "==", value)).order_by("__name__").limit(limit)
            query = query.start_after({"__name__": at.document(name)}) if name else query
            return {found.id: found.to_dict() or {} async for found in query.stream(retry=None, timeout=self._timeout_s)}

    async def following(self, collection: str, by: str, after: Any, limit: int) -> list[Document]:
        """The first documents in the order of a field that come after a value of it."""
        async with self._answering():
            query = (await self._at(collection)).order_by(by).start_after({by: after}).limit(limit)
            return [found.to_dict() or {} async for found in query.stream(retry=None, timeout=self._timeout_s)]

    async def fields(self, collection: str, names: Sequence[str]) -> list[Document]:
        """Some fields of every document of a collection."""
        async with self._answering():
            stream = (await self._at(collection)).select(names).stream(retry=None, timeout=self._timeout_s)
            return [found.to_dict() or {} async for found in stream]

    async def all_versioned(self, collection: str) -> list[tuple[Document, str]]:
        """Every document of a collection with its version."""
        async with self._answering():
            stream = (await self._at(collection)).stream(retry=None, timeout=self._timeout_s)
            return [(found.to_dict() or {}, found.update_time.rfc3339()) async for found in stream]

    async def delete(self, collection: str, name: str) -> None:
        """Deletes a document, if there is one."""
        async with self._answering():
            await (await self._at(collection)).document(name).delete(retry=None, timeout=self._timeout_s)

    async def all(self, collection: str) -> list[Document]:
        """Every document of a collection."""
        async with self._answering():
            stream = (await self._at(collection)).stream(retry=None, timeout=self._timeout_s)
            return [found.to_dict() or {} async for found in stream]

    async def named(self, collection: str) -> dict[str, Document]:
        """Every document of a collection, by name."""
        async with self._answering():
            stream = (await self._at(collection)).stream(retry=None, timeout=self._timeout_s)
            return {found.id: found.to_dict() or {} async for found in stream}

    async def erase(self, collection: str) -> None:
        """Deletes every document of a collection."""
        async with self._answering():
            at = await self._at(collection)
            while names := await self._page(at):
                await self._deleted(at, names)

    async def erase_matching(self, collection: str, field: str, value: Any) -> None:
        """Deletes every document in which a field has a value."""
        async with self._answering():
            at = await self._at(collection)
            query = at.where(filter=FieldFilter(field, "==", value)).select([]).limit(PAGE)
            while names := [found.id async for found in query.stream(retry=None, timeout=self._timeout_s)]:
                await self._deleted(at, names)

    async def _put(
        self, collection: str, name: str, put: Callable[[AsyncWriteBatch, AsyncDocumentReference], None]
    ) -> str | None:
        async with self._answering():
            batch = (await self._client()).batch()
            put(batch, (await self._at(collection)).document(name))
            try:
                (result,) = await batch.commit(retry=None, timeout=self._timeout_s)
            except (AlreadyExists, NotFound, FailedPrecondition):
                return None
            return str(result.update_time.rfc3339())

    async def _deleted(self, at: AsyncCollectionReference, names: Sequence[str]) -> None:
        batch = (await self._client()).batch()
        for name in names:
            batch.delete(at.document(name))
        await batch.commit(retry=None, timeout=self._timeout_s)

    async def _page(self, at: AsyncCollectionReference) -> list[str]:
        query = at.select([]).limit(PAGE)
        return [found.id async for found in query.stream(retry=None, timeout=self._timeout_s)]

    async def _at(self, collection: str) -> AsyncCollectionReference:
        return (await self._client()).collection(collection)

    async def _client(self) -> AsyncClient:
        """This event loop's client; those of closed loops are forgotten."""
        loop = asyncio.get_running_loop()
        if loop not in self._clients:
            made = await asyncio.to_thread(AsyncClient, project=self._project, database=self._database)
            alive = {one: client for one, client in self._clients.items() if not one.is_closed()}
            self._clients = {loop: made} | alive  # another call may have been quicker: then its client stays
        return self._clients[loop]

    @asynccontextmanager
    async def _answering(self, *, pages: int = 1) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(limit_s(2 * self._timeout_s * pages)):
                yield
        except (InvalidArgument, FailedPrecondition) as error:
            raise StoreRefused(f"firestore: {type(error).__name__}") from error
        except (GoogleAPICallError, RetryError, GoogleAuthError, TimeoutError) as error:
            raise StoreUnavailable(f"firestore: {type(error).__name__}", retry_after_s=1) from error


def _put(batch: AsyncWriteBatch, reference: AsyncDocumentReference, change: Change) -> None:
    match change:
        case Created():
            batch.create(reference, dict(change.document))
        case Added():
            batch.set(reference, {**change.fields, **_increments(change.numbers)}, merge=True)
        case Deleted():
            batch.delete(reference, option=ExistsOption(exists=True))
        case Replaced():
            batch.update(reference, dict(change.document), option=_only(change.version))


def _found(one: Any, document: Document) -> Found:
    return Found(one.reference.parent.parent.id, one.id, document, one.reference.path)


def _only(version: str) -> LastUpdateOption:
    return LastUpdateOption(DatetimeWithNanoseconds.from_rfc3339(version))  # type: ignore[no-untyped-call] # of Google's


def _increments(numbers: Mapping[str, Any]) -> dict[str, Any]:
    return {name: Increment(value) if isinstance(value, int) else _increments(value) for name, value in numbers.items()}
