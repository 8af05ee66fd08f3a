"""The settings: one frozen model a function, composed from small ones and read from the environment once.

A variable that is set to nothing counts as unset. An error names the variable and never shows its value, since it may be
a secret. docs/settings.md is the page for operators.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, ValidationError, model_validator

from ion_mentoring.errors import SettingsInvalid

MiB = 1024 * 1024
Seconds = Annotated[float, Field(gt=0, le=86_400 * 30)]
ModelName = Annotated[str, Field(pattern=r"^(playbook|gemini:[^\s,=]+|openai:[^\s,=]+)$")]
Thinking = Annotated[str, Field(pattern=r"^(none|minimal|low|medium|high|[1-9][0-9]{0,5})$")]
Url = Annotated[str, Field(pattern=r"^https?://[^\s/]+"), AfterValidator(lambda url: url.rstrip("/"))]
Vendor = Literal["gemini", "openai"]
VENDORS: Final[Mapping[str, Vendor]] = {"gemini": "gemini", "openai": "openai"}
Environment = Literal["local", "dev", "staging", "prod"]
STRICT: Final = ("staging", "prod")  # what is missing there refuses the start, where elsewhere a default stands in


class Settings(BaseModel):
    """A group of settings; fields are named after their variables, in lower case, or are groups themselves."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    @classmethod
    def read(cls, environ: Mapping[str, str]) -> Self:
        """The settings of an environment; SettingsInvalid names the first variable that is wrong."""
        return cls._read({name: value for name, value in environ.items() if value.strip()})

    @classmethod
    def _read(cls, environ: Mapping[str, str]) -> Self:
        values: dict[str, Any] = {}
        for name, field in cls.model_fields.items():
            group = field.annotation
            if isinstance(group, type) and issubclass(group, Settings):
                values[name] = group._read(environ)
            elif name.upper() in environ:
                values[name] = environ[name.upper()]
        try:
            return cls.model_validate(cls._also(values, environ))
        except ValidationError as error:
            wrong = error.errors(include_input=False, include_url=False, include_context=False)[0]
            name = str(wrong["loc"][0]).upper() if wrong["loc"] else cls.__name__
            said = wrong["msg"].removeprefix("Value error, ")
            raise SettingsInvalid(f"{name}: {said}" if wrong["loc"] else said, field=name) from None

    @classmethod
    def _also(cls, values: dict[str, Any], environ: Mapping[str, str]) -> dict[str, Any]:
        """The values that a group takes from the environment beyond its fields' names."""
        return values


class Deployment(Settings):
    """The deployment. Cloud Run sets K_SERVICE: nobody there is the developer."""

    environment: Environment = "local"
    k_service: str | None = None
    region: str = "local"
    google_cloud_project: str | None = None
    request_timeout_s: Seconds = 30
    work_timeout_s: Seconds = 500
    sentry_dsn: SecretStr | None = None

    @model_validator(mode="after")
    def _no_laptop(self) -> Self:
        if self.k_service and self.environment == "local":
            raise ValueError("ENVIRONMENT has to be dev, staging or prod where K_SERVICE is set: local lets everybody in")
        return self


class ModelChoice(Settings):
    """The choice of models; outside a laptop it has to be chosen, since nobody should get the playbook by accident.

    A fallback of the same vendor shares MODEL_URL and MODEL_API_KEY; one of another vendor has its own. How much a model thinks
    is its own affair, and never shared.
    """

    environment: Environment = "local"
    google_cloud_project: str | None = None
    model: ModelName = "playbook"
    model_url: Url | None = None
    model_api_key: SecretStr | None = None
    model_location: str = "global"
    model_thinking: Thinking | None = None
    model_timeout_s: Seconds = 20
    model_prices: str = ""
    fallback_model: ModelName = "playbook"
    fallback_model_url: Url | None = None
    fallback_model_api_key: SecretStr | None = None
    fallback_model_thinking: Thinking | None = None
    hedge_after_s: Seconds | None = None
    answers_at_once: Annotated[int, Field(ge=1)] = 80
    answers_waiting: Annotated[int, Field(ge=0)] = 160

    @model_validator(mode="after")
    def _chosen(self) -> Self:
        if self.environment in STRICT and "model" not in self.model_fields_set:
            raise ValueError("MODEL has to be set in staging and prod (MODEL=playbook is a choice, too)")
        for vendor in self.vendors:
            vendor.complete()
        return self

    @property
    def vendors(self) -> "tuple[VendorChoice, ...]":
        """The vendors' models that may answer, in their order; empty where the playbook is the first."""
        first = VendorChoice.of(self.model, self.model_url, self.model_api_key, self.model_thinking, self)
        url, key = self.fallback_model_url, self.fallback_model_api_key
        if first and self.fallback_model.startswith(f"{first.vendor}:"):
            url, key = url or first.url, key or first.api_key
        second = VendorChoice.of(self.fallback_model, url, key, self.fallback_model_thinking, self) if first else None
        return tuple(choice for choice in (first, second) if choice)


@dataclass(frozen=True, slots=True)
class VendorChoice:
    """One model of a vendor: where it is asked, with which key or identity, and how much it is to think before it speaks."""

    vendor: Vendor
    model: str
    url: str | None
    api_key: SecretStr | None
    thinking: str | None
    project: str | None
    location: str

    @staticmethod
    def of(
        name: str, url: str | None, api_key: SecretStr | None, thinking: str | None, choice: ModelChoice
    ) -> "VendorChoice | None":
        """The choice that a name like `openai:llama3` stands for; None for the playbook."""
        prefix, _, model = name.partition(":")
        vendor = VENDORS.get(prefix)
        if vendor is None:
            return None
        return VendorChoice(vendor, model, url, api_key, thinking, choice.google_cloud_project, choice.model_location)

    def complete(self) -> None:
        """ValueError if it cannot be asked like this."""
        if self.vendor == "openai" and not self.url:
            raise ValueError(
                f"openai:{self.model} needs MODEL_URL, the server's base URL up to /v1 (a fallback: FALLBACK_MODEL_URL)"
            )
        if self.vendor == "gemini" and not (self.api_key or self.project):
            raise ValueError(f"gemini:{self.model} needs GOOGLE_CLOUD_PROJECT (Vertex AI) or MODEL_API_KEY")
        if self.vendor == "openai" and self.thinking and self.thinking.isdecimal():
            raise ValueError(f"openai:{self.model} thinks by level (none, minimal, low, medium, high), not by tokens")


class Personas(Settings):
    """The URLs of persona functions, by persona; one without a URL answers in this process."""

    urls: Mapping[str, str] = Field(default_factory=dict)

    @classmethod
    def _also(cls, values: dict[str, Any], environ: Mapping[str, str]) -> dict[str, Any]:
        prefix = "PERSONA_URL_"
        urls = {name.removeprefix(prefix).lower(): url for name, url in environ.items() if name.startswith(prefix)}
        wrong = [name for name, url in urls.items() if not url.startswith(("http://", "https://"))]
        if wrong:
            raise SettingsInvalid(f"{prefix}{wrong[0].upper()}: is no http(s) URL", field=prefix + wrong[0].upper())
        return {"urls": {name: url.rstrip("/") for name, url in urls.items()}}


class Cache(Settings):
    """The two tiers: sizes in bytes, times in seconds."""

    environment: Environment = "local"
    cache_url: SecretStr | None = None
    cache_instance: Annotated[str, Field(pattern=r"^projects/[^/\s]+/locations/[^/\s]+/instances/[^/\s]+$")] | None = None
    cache_local_bytes: Annotated[int, Field(ge=0)] = 64 * MiB
    cache_local_entries: Annotated[int, Field(ge=0)] = 50_000
    cache_ttl_s: Seconds = 86_400
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


class Publishing(Settings):
    """The target of messages to other functions of the set: to topics of the project, or of an emulator."""

    google_cloud_project: str | None = None
    pubsub_emulator_host: Annotated[str, Field(pattern=r"^[^\s/]+:[0-9]+$")] | None = None
    warming_topic: str = "cache-warming"


class Store(Settings):
    """The store of conversations and batch results: a file of the instance where nobody says so, but not where it counts."""

    environment: Environment = "local"
    store: Annotated[str, Field(pattern=r"^(sqlite:///.+|firestore://[^/]+(/[^/]+)?)$")] = "sqlite:///.data/ion.sqlite3"

    @model_validator(mode="after")
    def _chosen(self) -> Self:
        if self.environment in STRICT and "store" not in self.model_fields_set:
            raise ValueError("STORE has to be set in staging and prod")
        return self


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


class Warming(Settings):
    """The limits of a run of the warming function: answers in a minute, and at all."""

    warming_per_minute: Annotated[int, Field(ge=1)] = 120
    warming_budget: Annotated[int, Field(ge=0)] = 500


class RouterSettings(Settings):
    """All that the router reads."""

    deployment: Deployment
    models: ModelChoice
    personas: Personas
    cache: Cache
    publishing: Publishing
    store: Store
    access: Access


class PersonaSettings(Settings):
    """All that a persona function reads."""

    deployment: Deployment
    models: ModelChoice


class WorkerSettings(Settings):
    """All that the functions on Pub/Sub read."""

    deployment: Deployment
    models: ModelChoice
    personas: Personas
    cache: Cache
    warming: Warming
    store: Store
