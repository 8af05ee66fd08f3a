"""The credentials and rates of callers."""

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any, Self

from pydantic import BeforeValidator, Field, SecretStr, field_validator, model_validator

from ion_mentoring.settings.algorithms import Algorithm
from ion_mentoring.settings.group import STRICT, Environment, Settings
from ion_mentoring.settings.limits import RoleLimit, limits_in

Limits = Annotated[tuple[RoleLimit, ...], BeforeValidator(lambda sent: limits_in(sent) if isinstance(sent, str) else sent)]

if TYPE_CHECKING:  # who has no issuers does not pay for the model of them
    from ion_mentoring.settings.issuers import IssuerSettings


class Access(Settings):
    """The credentials that are accepted: API keys by their SHA-256, and signed tokens."""

    environment: Environment = "local"
    api_keys: SecretStr | None = None
    api_key_secret: Annotated[SecretStr, Field(min_length=32)] | None = None
    jwt_key: SecretStr | None = None
    jwt_algorithm: Algorithm = "RS256"
    jwt_issuer: str | None = None
    jwt_audience: str | None = None
    jwt_issuers: SecretStr | None = None
    rate_limit_per_minute: Annotated[int, Field(ge=1)] = 100
    rate_limits: Limits = ()
    daily_tokens: Limits = ()
    strangers_per_day: Annotated[int, Field(ge=1)] = 1_000
    forwarded_hops: Annotated[int, Field(ge=0, le=5)] = 2
    v1_open: bool = True
    cors_origins: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _laptop(cls, values: Any) -> Any:
        if isinstance(values, dict) and values.get("environment", "local") == "local":
            return {"rate_limit_per_minute": 6_000, "forwarded_hops": 0, **values}
        return values

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.jwt_key and not (self.jwt_issuer and self.jwt_audience):
            raise ValueError("JWT_KEY needs JWT_ISSUER and JWT_AUDIENCE, too")
        if self.environment in STRICT and not (self.api_keys or self.jwt_key or self.jwt_issuers):
            raise ValueError("API_KEYS, JWT_KEY or JWT_ISSUERS has to be set in staging and prod, else nobody could sign in")
        return self

    @field_validator("jwt_issuers")
    @classmethod
    def _listed(cls, setting: SecretStr | None) -> SecretStr | None:
        if setting:
            from ion_mentoring.settings.issuers import issuers_in

            issuers_in(setting.get_secret_value())
        return setting

    @field_validator("cors_origins")
    @classmethod
    def _origins_listed(cls, setting: str | None) -> str | None:
        if setting:
            from ion_mentoring.settings.origins import origins_in

            origins_in(setting)
        return setting

    @cached_property
    def origins(self) -> Mapping[str, frozenset[str]]:
        """The origins of tenants' pages, by tenant."""
        if not self.cors_origins:
            return {}
        from ion_mentoring.settings.origins import origins_in

        return origins_in(self.cors_origins)

    @cached_property
    def issuers(self) -> "tuple[IssuerSettings, ...]":
        """The issuers of JWT_ISSUERS, after the one of JWT_KEY."""
        if not (self.jwt_key or self.jwt_issuers):
            return ()
        from ion_mentoring.settings.issuers import EVERY_ROLE, IssuerSettings, issuers_in

        listed = issuers_in(self.jwt_issuers.get_secret_value()) if self.jwt_issuers else ()
        if not (self.jwt_key and self.jwt_issuer and self.jwt_audience):
            return listed
        shared = self.jwt_algorithm == "HS256"
        alone = IssuerSettings(
            issuer=self.jwt_issuer,
            audience=self.jwt_audience,
            algorithms=(self.jwt_algorithm,),
            keys=() if shared else (self.jwt_key.get_secret_value(),),
            secret=self.jwt_key if shared else None,
            roles=EVERY_ROLE,
        )
        return (alone, *listed)
