"""The two tiers of the cache."""

from typing import Annotated, Final, Self

from pydantic import Field, SecretStr, model_validator

from ion_mentoring.settings.group import STRICT, Environment, MiB, Seconds, Settings

TTL_S: Final = 86_400  # where CACHE_TTL_S says nothing else


class Cache(Settings):
    """The two tiers: sizes in bytes, times in seconds."""

    environment: Environment = "local"
    cache_url: SecretStr | None = None
    cache_instance: Annotated[str, Field(pattern=r"^projects/[^/\s]+/locations/[^/\s]+/instances/[^/\s]+$")] | None = None
    cache_local_bytes: Annotated[int, Field(ge=0)] = 64 * MiB
    cache_local_entries: Annotated[int, Field(ge=0)] = 50_000
    cache_ttl_s: Seconds = TTL_S
    cache_soft_ttl_s: Seconds = 3_600
    cache_max_unverified_s: Annotated[float, Field(ge=0, le=3_600)] = 5
    cache_key_secret: SecretStr | None = None

    @property
    def shared(self) -> bool:
        """True if there is an L2."""
        return self.cache_url is not None or self.cache_instance is not None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.cache_url and self.cache_instance:
            raise ValueError("CACHE_URL and CACHE_INSTANCE name the same thing: set one of them")
        if self.environment in STRICT and not self.cache_key_secret:
            raise ValueError("CACHE_KEY_SECRET has to be set in staging and prod: what is kept of answers is sealed under it")
        if self.cache_soft_ttl_s > self.cache_ttl_s:
            raise ValueError("CACHE_SOFT_TTL_S is more than CACHE_TTL_S")
        return self
