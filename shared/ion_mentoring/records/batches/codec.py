"""Batches and lanes as JSON text, the same in every store."""

from typing import Any, Final, TypeVar

from pydantic import TypeAdapter

from ion_mentoring.records.batches.submissions import SubmittedItem

Value = TypeVar("Value")


_ADAPTERS: Final[dict[Any, TypeAdapter[Any]]] = {}


def _adapter(kind: Any) -> TypeAdapter[Any]:
    """The adapter of a type, made when it is first needed."""
    if kind not in _ADAPTERS:
        _ADAPTERS[kind] = TypeAdapter(kind)
    return _ADAPTERS[kind]


def encode(value: Any) -> str:
    """A value as JSON."""
    return _adapter(type(value)).dump_json(value, exclude={"version"}).decode()


def decode(kind: type[Value], text: str, version: str) -> Value:
    """The value of such a text, with its version in the store."""
    value: Value = _adapter(kind).validate_python(_adapter(dict).validate_json(text) | {"version": version})
    return value


def encode_items(items: tuple[SubmittedItem, ...]) -> str:
    """Items as JSON."""
    return _adapter(tuple[SubmittedItem, ...]).dump_json(items).decode()


def decode_items(text: str) -> tuple[SubmittedItem, ...]:
    """The items of such a text."""
    items: tuple[SubmittedItem, ...] = _adapter(tuple[SubmittedItem, ...]).validate_json(text)
    return items
