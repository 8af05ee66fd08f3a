"""The variants that a set has: looked for when somebody first names or meets one."""

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

from ion_mentoring.personas.roster import VARIANT_CARDS, Roster
from ion_mentoring.records.ledger.prices import Prices
from ion_mentoring.settings.models import ModelChoice

if TYPE_CHECKING:
    from ion_mentoring.mentoring.answering.variants import Variants


def variants(roster: Roster, choice: ModelChoice, prices: Prices) -> "Callable[[], Variants]":
    """Gives the variants that the settings and the files of the set have."""

    @cache
    def there() -> "Variants":
        from ion_mentoring.mentoring.answering.variants import Variants
        from ion_mentoring.personas.prompts.other_versions import PromptVersions
        from ion_mentoring.personas.variant_cards import VariantCards

        cards = VariantCards(roster, VARIANT_CARDS)
        return Variants(roster, choice.model, choice.variants, cards, PromptVersions(), prices.known)

    return there
