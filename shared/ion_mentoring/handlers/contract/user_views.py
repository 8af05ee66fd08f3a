"""The responses about people, as typed shapes."""

from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict


class UserErasureView(TypedDict):
    """The erasure of a user; `erased` counts what went, by kind. A second one gives the same, but for what is new."""

    success: bool
    state: Annotated[str, Field(examples=["done", "running"])]
    asked_at: str
    finished_at: str | None
    erased: Annotated[dict[str, int], Field(examples=[{"sessions": 3, "ratings": 1, "profile": 1}])]
    request_id: str
    timestamp: str
