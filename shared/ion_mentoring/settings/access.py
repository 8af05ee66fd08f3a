"""The credentials and rates of callers."""

from typing import Annotated, Any, Literal, Self

from pydantic import Field, SecretStr, model_validator

from ion_mentoring.settings.group import STRICT, Environment, Settings


class Access(Settings):
    """The credentials that are accepted: API keys by their SHA-256, and signed tokens."""

    environment: Environment = "local"
    api_keys: SecretStr | None = None
    jwt_key: SecretStr | None = None
    jwt_algorithm: Literal["HS256", "RS256", "ES256"] = "RS256"
    jwt_issuer: str | None = None
    jwt_audience: str | None = None
    rate_limit_per_minute: Annotated[int, Field(ge=1)] = 100
    forwarded_hops: Annotated[int, Field(ge=0, le=5)] = 2
    v1_open: bool = True

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
        if self.environment in STRICT and not (self.api_keys or self.jwt_key):
            raise ValueError("API_KEYS or JWT_KEY has to be set in staging and prod, else nobody could sign in")
        return self
