"""The issuers of signed tokens, as JWT_ISSUERS lists them in JSON."""

from typing import Annotated, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, TypeAdapter, model_validator

from ion_mentoring.settings.algorithms import Algorithm
from ion_mentoring.settings.json_list import entries_of

RoleName = Literal["mentee", "service", "operator", "admin"]
Text = Annotated[str, Field(min_length=1, max_length=512)]

LONGEST_LIFE_S: Final = 24 * 3_600  # a token that lives longer is as good as a key, and none that can be taken back
EVERY_ROLE: Final[tuple[RoleName, ...]] = ("mentee", "service", "operator", "admin")


class IssuerSettings(BaseModel):
    """One issuer: its keys, and what its tokens may be.

    Keys come from `jwks_url`, from `keys` (public keys as PEM), or are the `secret` of HS256: one of the three. `roles` are
    those that its tokens may carry; others that they name count for nothing. Times are in seconds. `home` is the origin of
    another set, to which its people are led.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    issuer: Text
    audience: Text
    tenant: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")] = "default"
    algorithms: Annotated[tuple[Algorithm, ...], Field(min_length=1)] = ("RS256",)
    jwks_url: Annotated[str, Field(pattern=r"^(https://[^\s/]+|http://(localhost|127\.0\.0\.1)(:[0-9]+)?)(/\S*)?$")] | None = (
        None
    )
    keys: Annotated[tuple[str, ...], Field(max_length=4)] = ()
    secret: SecretStr | None = None
    types: Annotated[tuple[Text, ...], Field(min_length=1)] = ("jwt", "at+jwt")
    leeway_s: Annotated[float, Field(ge=0, le=120)] = 30
    lifetime_s: Annotated[float, Field(ge=60, le=LONGEST_LIFE_S)] = LONGEST_LIFE_S
    roles: tuple[RoleName, ...] = ("mentee", "service")
    home: Annotated[str, Field(pattern=r"^https://[a-z0-9.-]+(:[0-9]{1,5})?$")] | None = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if [bool(self.jwks_url), bool(self.keys), bool(self.secret)].count(True) != 1:
            raise ValueError("needs one of jwks_url, keys and secret")
        if ("HS256" in self.algorithms) != bool(self.secret) or (self.secret and len(self.algorithms) > 1):
            raise ValueError("HS256 needs a secret, and a secret is for HS256 alone")
        return self


def issuers_in(setting: str) -> tuple[IssuerSettings, ...]:
    """The issuers of a JSON list; ValueError names the entry and the field that is wrong, and shows no value."""
    found = entries_of(setting, _LIST, IssuerSettings.model_fields)
    if len({(one.issuer, one.audience) for one in found}) < len(found):
        raise ValueError("has an issuer twice for the same audience")
    return found


_LIST: Final = TypeAdapter[tuple[IssuerSettings, ...]](Annotated[tuple[IssuerSettings, ...], Field(min_length=1)])
