"""The changes between two OpenAPI documents that break a client: what it may send less, or gets less of."""

from collections.abc import Iterator
from typing import Any

Document = dict[str, Any]


def breaking(released: Document, now: Document) -> list[str]:
    """Each breaking change in one line; additions are none."""
    return [*_operations(released, now), *_schemas(released, now)]


def _operations(released: Document, now: Document) -> Iterator[str]:
    for path, verbs in released["paths"].items():
        for verb, operation in verbs.items():
            name, after = f"{verb.upper()} {path}", now["paths"].get(path, {}).get(verb)
            if after is None:
                yield f"{name} is gone"
                continue
            yield from (f"{name} no longer gives {code}" for code in operation["responses"] if code not in after["responses"])
            known = {(one["in"], one["name"]) for one in operation.get("parameters", ())}
            for one in after.get("parameters", ()):
                if one.get("required") and (one["in"], one["name"]) not in known:
                    yield f"{name} asks for {one['name']} in the {one['in']} now"
            if operation.get("security") == [] and after.get("security"):
                yield f"{name} asks for a credential now"


def _schemas(released: Document, now: Document) -> Iterator[str]:
    after = now["components"]["schemas"]
    for name, schema in released["components"]["schemas"].items():
        if name not in after:
            yield f"{name} is gone"
            continue
        old, new = schema.get("properties", {}), after[name].get("properties", {})
        yield from (f"{name}.{field} is gone" for field in old if field not in new)
        kept = [field for field in old if field in new]
        yield from (f"{name}.{field} is of another type" for field in kept if _type(old[field]) != _type(new[field]))
        asked_for = set(after[name].get("required", ())) - set(schema.get("required", ()))
        if name.endswith("Request") or name in ("Context", "HistoryMessage"):
            yield from (f"{name}.{field} is required now" for field in sorted(asked_for))
        yield from (
            f"{name} no longer takes {value}" for value in schema.get("enum", ()) if value not in after[name].get("enum", ())
        )


def _type(schema: Document) -> object:
    if "anyOf" in schema:
        return sorted(str(_type(one)) for one in schema["anyOf"])
    return schema.get("$ref") or schema.get("type")
