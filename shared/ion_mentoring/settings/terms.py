"""The terms of tenants, as CONSENT_TERMS lists them: what is done with people's consent alone, and below which age a guardian
gives it."""

from typing import Annotated, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, model_validator

from ion_mentoring.settings.json_list import entries_of

PurposeName = Literal["keep", "learn", "feelings", "abroad"]


class Terms(BaseModel):
    """The terms of one tenant.

    `notice` names the text that its people have read; under another name they are asked anew. `asks` are the purposes that
    consent is asked for, and that nothing is done for without it. Below `child_below` years a guardian has to agree; None:
    nobody is asked for an age.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    tenant: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")] = "default"
    notice: Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]{1,64}$")]
    asks: Annotated[tuple[PurposeName, ...], Field(max_length=4)] = ()
    child_below: Annotated[int, Field(ge=13, le=18)] | None = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if not self.asks and self.child_below is None:
            raise ValueError("needs asks or child_below")
        if len(set(self.asks)) < len(self.asks):
            raise ValueError("asks for a purpose twice")
        return self


def terms_in(setting: str) -> tuple[Terms, ...]:
    """The entries of a JSON list; ValueError names the entry and the field that is wrong, and shows no value."""
    found = entries_of(setting, _LIST, Terms.model_fields)
    if len({one.tenant for one in found}) < len(found):
        raise ValueError("has a tenant twice")
    return found


_LIST: Final = TypeAdapter[tuple[Terms, ...]](Annotated[tuple[Terms, ...], Field(min_length=1, max_length=200)])
