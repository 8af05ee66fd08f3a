"""The settings of batches: where they are published, what a caller may hand in, and how their end is told."""

from typing import Annotated, Any, Self

from pydantic import Field, SecretStr, model_validator

from ion_mentoring.settings.group import Environment, Seconds, Settings

SECRET_CHARACTERS = 32


class Batches(Settings):
    """Batches. WEBHOOK_SECRETS are one or two, parted by commas, the newer first; without any there are no webhooks."""

    environment: Environment = "local"
    batch_topic: str = "mentoring-batch"
    batch_done_topic: str = "mentoring-batch-done"
    batch_items_per_day: Annotated[int, Field(ge=1)] = 100_000
    batch_lease_s: Seconds = 30
    webhook_secrets: SecretStr | None = None

    @model_validator(mode="before")
    @classmethod
    def _laptop(cls, values: Any) -> Any:
        if isinstance(values, dict) and values.get("environment", "local") == "local":
            return {"webhook_secrets": "local" * 8, **values}
        return values

    @model_validator(mode="after")
    def _long(self) -> Self:
        if any(len(master) < SECRET_CHARACTERS for master in self.masters):
            raise ValueError(f"WEBHOOK_SECRETS: each has {SECRET_CHARACTERS} characters or more")
        return self

    @property
    def masters(self) -> tuple[str, ...]:
        """The secrets, the newest first."""
        if self.webhook_secrets is None:
            return ()
        return tuple(filter(None, (part.strip() for part in self.webhook_secrets.get_secret_value().split(","))))
