"""A check of JSON values against the schemas of an OpenAPI document, as far as ours use them."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

JsonSchema = Mapping[str, Any]

TYPES: Final[Mapping[str, Callable[[Any], bool]]] = {
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "null": lambda value: value is None,
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
}


@dataclass(frozen=True, slots=True)
class Contract:
    """The OpenAPI document that the set itself serves."""

    document: Mapping[str, Any]

    def wrong(self, method: str, path: str, value: Any) -> str | None:
        """The first place where a 200's body is not as documented; None if it is, or nothing is documented."""
        operation = self.document.get("paths", {}).get(path, {}).get(method.lower())
        if operation is None:
            return None
        schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
        return next(self._faults(schema, value, "body"), None)

    def wrong_as(self, name: str, value: Any) -> str | None:
        """The first place where a value is not as the component of that name."""
        return next(self._faults(self.document["components"]["schemas"][name], value, "body"), None)

    def _faults(self, schema: JsonSchema, value: Any, at: str) -> Iterator[str]:
        if "$ref" in schema:
            yield from self._faults(self.document["components"]["schemas"][schema["$ref"].rpartition("/")[2]], value, at)
        elif "anyOf" in schema:
            if all(next(self._faults(one, value, at), None) for one in schema["anyOf"]):
                yield f"{at} is none of what it may be"
        elif "type" in schema and not TYPES[schema["type"]](value):
            yield f"{at} is no {schema['type']}"
        elif "enum" in schema and value not in schema["enum"]:
            yield f"{at} has an unknown value"
        elif isinstance(value, dict):
            yield from self._object(schema, value, at)
        elif isinstance(value, list):
            yield from self._array(schema, value, at)

    def _object(self, schema: JsonSchema, value: Mapping[str, Any], at: str) -> Iterator[str]:
        known, more = schema.get("properties", {}), schema.get("additionalProperties")
        yield from (f"{at}.{name} is missing" for name in schema.get("required", ()) if name not in value)
        for name, part in value.items():
            if name in known:
                yield from self._faults(known[name], part, f"{at}.{name}")
            elif isinstance(more, dict):
                yield from self._faults(more, part, f"{at}.{name}")
            elif more is False:
                yield f"{at}.{name} is not documented"

    def _array(self, schema: JsonSchema, value: list[Any], at: str) -> Iterator[str]:
        for place, part in enumerate(value):
            if isinstance(schema.get("items"), dict):
                yield from self._faults(schema["items"], part, f"{at}[{place}]")
