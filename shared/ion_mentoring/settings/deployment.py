"""The place where a function runs."""

import re
from typing import Annotated, Final, Literal, Self

from pydantic import Field, SecretStr, field_validator, model_validator

from ion_mentoring.settings.group import Environment, Seconds, Settings, Url
from ion_mentoring.telemetry.product import Severity

_DSN: Final = re.compile(r"https?://[^:@/\s]+(:[^@/\s]*)?@[^@/\s]+(/[^\s]*)?/[0-9]+")


class Deployment(Settings):
    """The deployment. Cloud Run sets K_SERVICE: nobody there is the developer."""

    environment: Environment = "local"
    k_service: str | None = None
    region: str = "local"
    google_cloud_project: str | None = None
    request_timeout_s: Seconds = 30
    work_timeout_s: Seconds = 500
    sentry_dsn: SecretStr | None = None
    cache_key_secret: SecretStr | None = None  # people's pseudonyms are made under it
    otel_exporter_otlp_endpoint: Url | None = None
    trace_rate: Annotated[float, Field(ge=0, le=1)] = 0.01
    log_level: Severity = "INFO"
    log_format: Literal["json", "text"] | None = None

    @field_validator("sentry_dsn")
    @classmethod
    def _dsn(cls, value: SecretStr | None) -> SecretStr | None:
        if value and not _DSN.fullmatch(value.get_secret_value()):
            raise ValueError("has to be as Sentry shows it: https://KEY@HOST/PROJECT")
        return value

    @model_validator(mode="after")
    def _no_laptop(self) -> Self:
        if self.k_service and self.environment == "local":
            raise ValueError("ENVIRONMENT has to be dev, staging or prod where K_SERVICE is set: local lets everybody in")
        return self
