"""The variants of answers: what is asked for them is imported and built at the first question for one."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING

from msgspec.structs import replace

from ion_mentoring.mentoring.answering.mentor import LocalMentor
from ion_mentoring.mentoring.answering.variant_mentor import Build, VariedAnswers, can_write
from ion_mentoring.models.fallback import FallbackModels
from ion_mentoring.models.protocol import Model
from ion_mentoring.personas.card import Card
from ion_mentoring.personas.variant import Variant
from ion_mentoring.resilience.breaker import Breaker
from ion_mentoring.settings.models import ModelChoice
from ion_mentoring.telemetry.events import EventLog
from ion_mentoring.wiring.models import varied

if TYPE_CHECKING:
    from ion_mentoring.personas.prompts.other_versions import PromptVersions
    from ion_mentoring.personas.variant_cards import VariantCards


def building(
    usual: Mapping[str, Card], pattern: str | None, choice: ModelChoice, breakers: dict[str, Breaker], log: EventLog
) -> Build:
    """A builder of variants of the personas with these cards; `pattern` is the literal path of their other cards."""
    made: dict[str, Model] = {}

    def own(name: str) -> Model:
        if name not in made:
            made[name] = varied(choice, name, breakers, log)
        return made[name]

    there = _once(usual, pattern)

    def build(mentor: LocalMentor, variant: Variant) -> VariedAnswers:
        cards, versions = there()
        card = cards[variant.card] if variant.card else mentor.card
        told = versions[variant.prompt_version] if variant.prompt_version else None
        if variant.model:
            return _by_another(own(variant.model), mentor, VariedAnswers(card, told, mentor.models, frozenset(), to_blame=True))
        return _by_the_same(mentor, VariedAnswers(card, told, mentor.models, frozenset(), to_blame=False))

    return build


def _once(usual: Mapping[str, Card], pattern: str | None) -> "Callable[[], tuple[VariantCards, PromptVersions]]":
    @cache
    def there() -> "tuple[VariantCards, PromptVersions]":
        from ion_mentoring.personas.prompts.other_versions import PromptVersions
        from ion_mentoring.personas.variant_cards import VariantCards

        return VariantCards(usual, pattern), PromptVersions()

    return there


def _by_another(model: Model, mentor: LocalMentor, plain: VariedAnswers) -> VariedAnswers:
    """Answers of another model, and of the usual ones behind it, which is never asked beside them."""
    from ion_mentoring.models.varied import VariedModel

    behind = [one for one in mentor.models.models if one.name != model.name]
    chain = FallbackModels(model.name, (VariedModel(model), *behind), mentor.models.log)
    return replace(plain, models=chain, writers=frozenset({model.name}))


def _by_the_same(mentor: LocalMentor, plain: VariedAnswers) -> VariedAnswers:
    """Answers of the usual models, told another card or other instructions; of those that read what is another."""
    from ion_mentoring.models.varied import VariedModel

    usual = mentor.models.models
    writers = frozenset(one.name for one in usual if can_write(one.name, mentor.card, plain.card, plain.told))
    models = tuple(VariedModel(one) if one.name in writers else one for one in usual)
    return replace(plain, models=replace(mentor.models, models=models), writers=writers)
