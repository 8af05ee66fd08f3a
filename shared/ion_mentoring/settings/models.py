"""The models that answer."""

import re
from collections.abc import Mapping
from typing import Annotated, Final, Literal, Self

from msgspec import Struct
from pydantic import Field, SecretStr, model_validator

from ion_mentoring.settings.group import STRICT, Environment, Seconds, Settings, Url

ModelName = Annotated[str, Field(pattern=r"^(playbook|gemini:[^\s,=]+|openai:[^\s,=]+)$")]
Thinking = Annotated[str, Field(pattern=r"^(none|minimal|low|medium|high|[1-9][0-9]{0,5})$")]
Vendor = Literal["gemini", "openai"]
_VARIANT: Final = re.compile(r"(?P<name>[a-z0-9][a-z0-9_-]{0,63})=(?P<model>playbook|gemini:[^\s,=]+|openai:[^\s,=]+)")
VENDORS: Final[Mapping[str, Vendor]] = {"gemini": "gemini", "openai": "openai"}


class ModelChoice(Settings):
    """The choice of models; outside a laptop it has to be chosen, since nobody should get the playbook by accident.

    A fallback of the same vendor shares MODEL_URL and MODEL_API_KEY; one of another vendor has its own. How much a model thinks
    is its own affair, and never shared. Variants are what experiments compare MODEL with; nobody else is answered by them.
    """

    environment: Environment = "local"
    google_cloud_project: str | None = None
    model: ModelName = "playbook"
    model_url: Url | None = None
    model_api_key: SecretStr | None = None
    model_location: str = "global"
    model_thinking: Thinking | None = None
    model_masking: bool = False
    model_timeout_s: Seconds = 20
    model_prices: str = ""
    fallback_model: ModelName = "playbook"
    fallback_model_url: Url | None = None
    fallback_model_api_key: SecretStr | None = None
    fallback_model_thinking: Thinking | None = None
    model_variants: str = ""
    model_variants_url: Url | None = None
    model_variants_api_key: SecretStr | None = None
    hedge_after_s: Seconds | None = None
    answers_at_once: Annotated[int, Field(ge=1)] = 80
    answers_waiting: Annotated[int, Field(ge=0)] = 160

    @model_validator(mode="after")
    def _chosen(self) -> Self:
        if self.environment in STRICT and "model" not in self.model_fields_set:
            raise ValueError("MODEL has to be set in staging and prod (MODEL=playbook is a choice, too)")
        for vendor in self.vendors:
            vendor.complete()
        if self.model_variants:
            self._can_vary()
        return self

    def _can_vary(self) -> None:
        """ValueError if a variant cannot be asked, or would have another vendor's address and key."""
        vendors = [vendor for name in self.variants if (vendor := self.variant(name))]
        for vendor in vendors:
            vendor.complete()
        own = self.model_variants_url or self.model_variants_api_key
        if own and len({vendor.vendor for vendor in vendors}) > 1:
            raise ValueError("MODEL_VARIANTS: models of one vendor share MODEL_VARIANTS_URL and MODEL_VARIANTS_API_KEY")

    @property
    def vendors(self) -> "tuple[VendorChoice, ...]":
        """The vendors' models that may answer, in their order; empty where the playbook is the first."""
        first = VendorChoice.of(self.model, self.model_url, self.model_api_key, self.model_thinking, self)
        url, key = self.fallback_model_url, self.fallback_model_api_key
        if first and self.fallback_model.startswith(f"{first.vendor}:"):
            url, key = url or first.url, key or first.api_key
        second = VendorChoice.of(self.fallback_model, url, key, self.fallback_model_thinking, self) if first else None
        return tuple(choice for choice in (first, second) if choice)

    @property
    def variants(self) -> Mapping[str, str]:
        """The models of MODEL_VARIANTS by their names there; ValueError names the place of an entry that is none."""
        named: dict[str, str] = {}
        for place, entry in enumerate(filter(None, re.split(r"[,\s]+", self.model_variants)), 1):
            found = _VARIANT.fullmatch(entry)
            if not found or found["name"] in named:
                raise ValueError(f"MODEL_VARIANTS: entry {place} is not name=model, with a name of its own")
            named[found["name"]] = found["model"]
        return named

    def variant(self, name: str) -> "VendorChoice | None":
        """The vendor's model of a variant, with the address and key of MODEL if those are of the same vendor and it has no own;
        None for the playbook."""
        url, key, model = self.model_variants_url, self.model_variants_api_key, self.variants[name]
        if self.model.partition(":")[0] == model.partition(":")[0]:
            url, key = url or self.model_url, key or self.model_api_key
        return VendorChoice.of(model, url, key, None, self)


class VendorChoice(Struct, frozen=True):
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
                f"openai:{self.model} needs MODEL_URL, the server's base URL up to /v1 "
                "(a fallback: FALLBACK_MODEL_URL, a variant: MODEL_VARIANTS_URL)"
            )
        if self.vendor == "gemini" and not (self.api_key or self.project):
            raise ValueError(f"gemini:{self.model} needs GOOGLE_CLOUD_PROJECT (Vertex AI) or MODEL_API_KEY")
        if self.vendor == "openai" and self.thinking and self.thinking.isdecimal():
            raise ValueError(f"openai:{self.model} thinks by level (none, minimal, low, medium, high), not by tokens")
