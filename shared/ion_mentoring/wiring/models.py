"""The models that the settings name, each vendor's behind its breaker, the playbook behind them all."""

import time
from typing import Final

from ion_mentoring.errors import SettingsInvalid
from ion_mentoring.models.fallback import FallbackModels
from ion_mentoring.models.playbook.model import PlaybookModel
from ion_mentoring.models.protocol import Model
from ion_mentoring.resilience.breaker import Breaker
from ion_mentoring.settings.models import ModelChoice, VendorChoice
from ion_mentoring.telemetry.events import EventLog
from ion_mentoring.wiring.clients import http_client

# What is dead costs at most 3 attempts in any minute; of what fails now and then, an answer under way closes the breaker again.
FAILURES: Final = 3
REST_S: Final = 60.0


def models(choice: ModelChoice, breakers: dict[str, Breaker], log: EventLog) -> FallbackModels:
    """MODEL, then FALLBACK_MODEL, then the playbook. The breakers of the vendors' models are put into `breakers` by name."""
    guarded: list[Model] = [_guarded(vendor, choice, breakers, log) for vendor in choice.vendors]
    return FallbackModels(choice.model, (*guarded, PlaybookModel()), log, hedge_after_s=choice.hedge_after_s)


def varied(choice: ModelChoice, name: str, breakers: dict[str, Breaker], log: EventLog) -> Model:
    """The model of a variant of MODEL_VARIANTS; SettingsInvalid where it has none of that name."""
    if name not in choice.variants:
        raise SettingsInvalid(f"MODEL_VARIANTS: has no {name}", field="MODEL_VARIANTS")
    vendor = choice.variant(name)
    return _guarded(vendor, choice, breakers, log) if vendor else PlaybookModel()


def playbook(choice: ModelChoice, log: EventLog) -> FallbackModels:
    """The playbook alone, where another model may have been meant to answer."""
    return FallbackModels(choice.model, (PlaybookModel(),), log)


def breaker() -> Breaker:
    """A breaker for what answers people: a model or a persona function."""
    return Breaker(failures=FAILURES, rest_s=REST_S, now=time.monotonic)


def _guarded(vendor: VendorChoice, choice: ModelChoice, breakers: dict[str, Breaker], log: EventLog) -> Model:
    """Imports what only those need who ask vendors: a client costs more than all the rest of a cold start."""
    from ion_mentoring.models.guarded import GuardedModel
    from ion_mentoring.models.warm_up import WarmUp
    from ion_mentoring.resilience.retries import RetryBudget

    model = _model(vendor, choice.answers_at_once)
    if choice.model_masking:
        from ion_mentoring.models.masked import MaskedModel

        model = MaskedModel(model)
    breakers.setdefault(model.name, breaker())  # a variant may be the fallback, too
    warm_up = WarmUp(model, log) if vendor.vendor == "openai" else None
    return GuardedModel(model, breakers[model.name], RetryBudget(), log, choice.model_timeout_s, warm_up)


def _model(vendor: VendorChoice, at_once: int) -> Model:
    key = vendor.api_key.get_secret_value() if vendor.api_key else None
    if vendor.vendor == "gemini":
        from ion_mentoring.models.gemini import Gemini

        return Gemini(
            http_client(at_once=2 * at_once),
            vendor.model,
            project=vendor.project,
            location=vendor.location,
            api_key=key,
            url=vendor.url,
            thinking=vendor.thinking,
        )
    from ion_mentoring.models.openai_compatible import OpenAICompatible

    return OpenAICompatible(http_client(at_once=2 * at_once), vendor.url or "", vendor.model, key, thinking=vendor.thinking)
