"""Files of questions as they are handed in, and files of results as they are kept."""

import hashlib
import json
import os
import sys
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

from ion_cli.decoding import decoded
from ion_cli.failure import Exit, Failure, misused
from ion_cli.texts import text

TYPES: Final = {"csv": "text/csv", "ndjson": "application/x-ndjson", "json": "application/json"}
SUFFIXES: Final = {".csv": "csv", ".tsv": "csv", ".ndjson": "ndjson", ".jsonl": "ndjson", ".json": "json"}
STANDARD: Final = "-"

Wishes = dict[str, str | int]


@dataclass(frozen=True, slots=True)
class Questions:
    """A batch as it is handed in: the same questions with the same wishes have the same key, so nothing is asked twice."""

    media_type: str
    content: bytes
    wishes: Wishes
    key: str
    converted_from: str | None = None


def questions(file: str, form: str | None, wishes: Wishes, *, again: bool = False) -> Questions:
    """The questions of a file or of standard input, in UTF-8. What no encoding of ours can read is left to the set to judge."""
    form = form_of(file, form)
    content, converted_from = _utf8(_read(file))
    if form == "json" and wishes:
        content, wishes = _with(content, wishes), {}
    media_type = TYPES[form]
    told = "\0".join([media_type, json.dumps(wishes, sort_keys=True)]).encode() + b"\0" + content
    key = uuid.uuid4().hex if again else hashlib.sha256(told).hexdigest()
    return Questions(media_type, content, wishes, f"ion-batch-{key}", converted_from)


def form_of(file: str, form: str | None) -> str:
    """The form that was asked for, or that the file's name says."""
    found = form or SUFFIXES.get(Path(file).suffix.lower())
    if found not in TYPES:
        raise misused("bad.form", file=file)
    return found


@contextmanager
def kept(file: Path) -> Iterator[IO[bytes]]:
    """A file to write results to, for its owner only; it takes the place of an older one once all of it is there."""
    try:
        descriptor, written = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}-")
    except OSError as error:
        raise _unusable(file, error) from error
    try:
        with os.fdopen(descriptor, "wb") as out:
            yield out
        os.replace(written, file)
    except BaseException:
        Path(written).unlink(missing_ok=True)
        raise


def _read(file: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if file == STANDARD else Path(file).read_bytes()
    except OSError as error:
        raise _unusable(Path(file), error) from error


def _utf8(content: bytes) -> tuple[bytes, str | None]:
    try:
        found = decoded(content)
    except Failure:
        return content, None
    return (found.text.encode("utf-8", "replace"), found.encoding) if found.converted else (content, None)


def _with(content: bytes, wishes: Wishes) -> bytes:
    """The JSON object with more members."""
    try:
        body: Any = json.loads(content)
    except ValueError:
        return content  # the set says what is wrong with it, and where
    return json.dumps(body | wishes, ensure_ascii=False).encode() if isinstance(body, dict) else content


def _unusable(file: Path, error: OSError) -> Failure:
    return Failure(Exit.USAGE, "FILE", text("bad.file", file=file, reason=error.strerror or type(error).__name__))
