"""Items as one JSON object: those of its list `requests` one by one as they come in, never all of them at once."""

import re
from collections.abc import AsyncIterator
from typing import Any, Final

from ion_mentoring.errors import InvalidJson, RequestTooLarge, ValidationFailed
from ion_mentoring.handlers.contract.batches.ndjson import json_record
from ion_mentoring.handlers.contract.batches.records import LONGEST, TOO_LONG, Fault, Read
from ion_mentoring.handlers.web.validation import read

_TOKEN: Final = re.compile(r'"(?:[^"\\]|\\.)*(?P<closed>"?)|[{\[]|[}\]]', re.DOTALL)
_SCALAR: Final = re.compile(r"[^\s,\]}:]+")
LIST: Final = "requests"


class JsonItems:
    """Reads a body once; `options` holds its other members afterwards."""

    def __init__(self, text: AsyncIterator[str]) -> None:
        self._pieces = text
        self._text = ""
        self._line = 1
        self._ended = False
        self.options: dict[str, Any] = {}

    async def __aiter__(self) -> Read:
        """The items; InvalidJson where the object is none, ValidationFailed where it has no list of requests."""
        await self._expect("{")
        seen = False
        while await self._next() != "}":
            name = read((await self._value()).encode("utf-8", "surrogatepass"))
            await self._expect(":")
            if name == LIST and not seen and await self._next() == "[":
                seen = True
                async for item in self._items():
                    yield item
            else:
                self.options[str(name)] = read((await self._value()).encode("utf-8", "surrogatepass"))
            if await self._next() != "}":
                await self._expect(",")
                if await self._next() == "}":
                    raise InvalidJson("comma")
        await self._expect("}")
        if await self._next():
            raise InvalidJson("more behind the end")
        if not seen or LIST in self.options:
            raise ValidationFailed(LIST, field=LIST, details={"rule": "is a list of requests, once"})

    async def _items(self) -> Read:
        await self._expect("[")
        if await self._next() == "]":
            await self._expect("]")
            return
        while True:
            await self._next()
            line = self._line
            try:
                yield json_record(line, await self._value())
            except RequestTooLarge:
                yield Fault(line, "", TOO_LONG)
                return
            if await self._next() == "]":
                await self._expect("]")
                return
            await self._expect(",")

    async def _next(self) -> str:
        """The next character that is no space; nothing at the end."""
        while True:
            bare = self._text.lstrip(" \t\r\n")
            self._take(len(self._text) - len(bare))
            if bare or not await self._more():
                return bare[:1]

    async def _expect(self, char: str) -> None:
        if await self._next() != char:
            raise InvalidJson(f"no {char}")
        self._take(1)

    async def _value(self) -> str:
        """The text of the next value."""
        if not await self._next():
            raise InvalidJson("ends")
        while (end := _end(self._text)) is None or (end == len(self._text) and not self._ended):
            if len(self._text) > LONGEST + 64 * 1024:
                raise RequestTooLarge("value", details={"limit": LONGEST, "line": self._line})
            if not await self._more() and end is None:
                raise InvalidJson("ends")
        if end > LONGEST:
            raise RequestTooLarge("value", details={"limit": LONGEST, "line": self._line})
        return self._take(end)

    def _take(self, length: int) -> str:
        taken, self._text = self._text[:length], self._text[length:]
        self._line += taken.count("\n")
        return taken

    async def _more(self) -> bool:
        piece = await anext(self._pieces, None)
        self._ended = piece is None
        self._text += piece or ""
        return piece is not None


def _end(text: str) -> int | None:
    """The place behind the value that a text begins with; None where it does not end here."""
    if text[0] not in '"{[':
        scalar = _SCALAR.match(text)
        if scalar is None:
            raise InvalidJson("no value")
        return scalar.end()
    depth = 0
    for token in _TOKEN.finditer(text):
        if token[0][0] == '"':
            if not token["closed"]:
                return None
        else:
            depth += 1 if token[0] in "{[" else -1
        if depth == 0:
            return token.end()
    return None
