"""JSON that all readers understand alike, for what others sign and publish."""

import json
import math
from collections.abc import Mapping
from typing import Any


def strict_object(sent: bytes) -> Mapping[str, Any]:
    """A JSON object in which no name stands twice, with numbers that JSON knows; ValueError for anything else."""
    try:
        value = json.loads(sent.decode(), object_pairs_hook=_once, parse_constant=_no_number, parse_float=_finite)
    except RecursionError:
        raise ValueError("too deep") from None
    if not isinstance(value, dict):
        raise ValueError("no object")
    return value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(found := dict(pairs)) < len(pairs):
        raise ValueError("a name twice")
    return found


def _no_number(name: str) -> float:
    raise ValueError(name)


def _finite(digits: str) -> float:
    if math.isfinite(number := float(digits)):
        return number
    raise ValueError("too large")
