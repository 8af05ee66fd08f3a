"""The way in on the console, as CONSOLE_TENANTS lists it in JSON: an entry for each tenant that has people there."""

from collections import Counter
from typing import Annotated, Final, Self

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, field_validator, model_validator

from ion_mentoring.settings.json_list import entries_of

Text = Annotated[str, Field(min_length=1, max_length=512)]
Place = Annotated[str, Field(pattern=r"^(https://[a-z0-9.-]+|http://(localhost|127\.0\.0\.1))(:[0-9]{1,5})?/[^\s#\"'<>;]*$")]
Host = Annotated[str, Field(pattern=r"^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$")]

# What the console says itself; a setting cannot change it.
OWN: Final = frozenset(
    {
        "client_id",
        "code_challenge",
        "code_challenge_method",
        "nonce",
        "prompt",
        "redirect_uri",
        "request",
        "request_uri",
        "response_mode",
        "response_type",
        "scope",
        "state",
    }
)


class SignInSettings(BaseModel):
    """An issuer's sign-in for a public client: OpenID Connect's code flow with PKCE, in the browser.

    `parameters` go with the request for a sign-in, such as the audience of tokens. `names_itself` is for an issuer that says
    who it is in every answer (RFC 9207): one that does not is refused then.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    issuer: Text
    client_id: Text
    authorization_endpoint: Place
    token_endpoint: Place
    end_session_endpoint: Place | None = None
    scope: Annotated[str, Field(pattern=r"^[\x21\x23-\x5B\x5D-\x7E]+( [\x21\x23-\x5B\x5D-\x7E]+)*$", max_length=512)] = "openid"
    parameters: Annotated[dict[Text, Text], Field(default_factory=dict, max_length=8)]
    names_itself: bool = False

    @field_validator("scope")
    @classmethod
    def _openid(cls, scope: str) -> str:
        if "openid" not in scope.split():
            raise ValueError("needs openid")
        return scope

    @field_validator("parameters")
    @classmethod
    def _others(cls, parameters: dict[str, str]) -> dict[str, str]:
        if own := sorted(OWN & parameters.keys()):
            raise ValueError(f"{own[0]} is the console's own")
        return parameters


class GuestSettings(BaseModel):
    """The questions of guests in a day: each one's, a network's, all together; and a network's requests in a minute."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    per_day: Annotated[int, Field(ge=1, le=1_000)] = 10
    network_per_minute: Annotated[int, Field(ge=1, le=10_000)] = 20
    network_per_day: Annotated[int, Field(ge=1, le=100_000)] = 100
    all_per_day: Annotated[int, Field(ge=1, le=10_000_000)] = 1_000


class ConsoleTenant(BaseModel):
    """The people of one tenant: at which hosts the console is theirs, how they sign in, and what guests may. Without hosts, at
    all others."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    tenant: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")] = "default"
    hosts: Annotated[tuple[Host, ...], Field(max_length=20)] = ()
    sign_in: SignInSettings | None = None
    guests: GuestSettings | None = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if not (self.sign_in or self.guests):
            raise ValueError("needs sign_in or guests")
        return self


def tenants_in(setting: str) -> tuple[ConsoleTenant, ...]:
    """The entries of a JSON list; ValueError names the entry and the field that is wrong, and shows no value."""
    found = entries_of(setting, _LIST, _FIELDS)
    if max(Counter(host for one in found for host in one.hosts or ("",)).values()) > 1:
        raise ValueError("has two entries for the same host, or two without hosts")
    return found


_LIST: Final = TypeAdapter[tuple[ConsoleTenant, ...]](Annotated[tuple[ConsoleTenant, ...], Field(min_length=1, max_length=200)])


_FIELDS: Final = frozenset((*ConsoleTenant.model_fields, *SignInSettings.model_fields, *GuestSettings.model_fields))
