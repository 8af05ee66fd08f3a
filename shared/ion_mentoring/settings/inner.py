"""The ways in which functions of the set know each other."""

from typing import Annotated, Self

from pydantic import Field, SecretStr, model_validator

from ion_mentoring.settings.group import STRICT, Environment, Settings, Url

InnerSecret = Annotated[SecretStr, Field(min_length=32)]  # of a local set, whose functions have no accounts


class InnerDoor(Settings):
    """Who may call this function: accounts by their e-mail addresses, with tokens for its own URL."""

    inner_secret: InnerSecret | None = None
    environment: Environment = "local"
    k_service: str | None = None
    inner_callers: Annotated[str, Field(pattern=r"^[^\s,@]+@[^\s,@]+(,[^\s,@]+@[^\s,@]+)*$")] | None = None
    inner_audience: Url | None = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.k_service and self.inner_secret:
            raise ValueError(
                "INNER_SECRET is for the local set: where K_SERVICE is set, functions have identities of their own"
            )
        if self.environment in STRICT and not (self.inner_callers or self.inner_secret):
            raise ValueError("INNER_CALLERS has to be set in staging and prod: the accounts that may call this function")
        return self

    @property
    def accounts(self) -> frozenset[str]:
        """The accounts that may call."""
        return frozenset(self.inner_callers.split(",") if self.inner_callers else ())
