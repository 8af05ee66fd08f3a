"""The origins of tenants' web pages, as CORS_ORIGINS lists them in JSON."""

from collections.abc import Mapping
from typing import Annotated, Final

from pydantic import Field, TypeAdapter, ValidationError

Origin = Annotated[str, Field(pattern=r"^(https://[a-z0-9.-]+|http://(localhost|127\.0\.0\.1))(:[0-9]{1,5})?$")]
Listed = dict[Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")], Annotated[frozenset[Origin], Field(max_length=50)]]


SAID: Final = "is no JSON object of tenants, each with a list of origins like https://app.example"


def origins_in(setting: str) -> Mapping[str, frozenset[str]]:
    """Origins by tenant; ValueError, without a value, for anything else: an origin is a scheme and a host, never `*`."""
    try:
        return TypeAdapter[Listed](Listed).validate_json(setting)
    except ValidationError:
        raise ValueError(SAID) from None
