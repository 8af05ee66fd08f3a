"""The variants that a set has, as the router knows them: which there are, what each is made of, and whether it can differ."""

from collections.abc import Callable, Mapping

from msgspec import Struct, field

from ion_mentoring.errors import CardInvalid, ValidationFailed
from ion_mentoring.mentoring.answering.variant_mentor import PLAYBOOK, can_write
from ion_mentoring.personas.card import Card
from ion_mentoring.personas.prompts import builder
from ion_mentoring.personas.prompts.instructions import Instructions
from ion_mentoring.personas.prompts.other_versions import PromptVersions
from ion_mentoring.personas.roster import Roster
from ion_mentoring.personas.variant import Variant, persona_of
from ion_mentoring.personas.variant_cards import VariantCards


class Varied(Struct, frozen=True):
    """The parts of an answer by a variant: the card, the instructions (None: the usual ones), and the model's name."""

    variant: Variant
    card: Card
    told: Instructions | None
    model: str

    @property
    def prompt(self) -> str:
        """The version of all texts that its prompts are made of."""
        return builder.version(self.card, self.told)

    @property
    def mark(self) -> str:
        """Its names, which tell it from all others in a cache, beside card, prompt and model."""
        return " ".join(f"{part}={name}" for part, name in self.variant.named.items())


class Variants(Struct, frozen=True):
    """The variants of a set whose usual model is `model`; `models` are the others, by the names of MODEL_VARIANTS.

    `priced` tells whether a model has a price.
    """

    roster: Roster
    model: str
    models: Mapping[str, str]
    cards: VariantCards
    versions: PromptVersions
    priced: Callable[[str], bool]
    _known: dict[tuple[Variant, str], Varied] = field(default_factory=dict)

    def of(self, variant: Variant, persona: Card) -> Varied | None:
        """The parts of a variant of a persona; None where there is none of that name."""
        known = self._known.get((variant, persona.id))
        if known is None:
            try:
                known = self._made(variant, persona)
            except (CardInvalid, KeyError):
                return None
            self._known[variant, persona.id] = known
        return known

    def check(self, variant: Variant, field: str, *, by_cost: bool) -> None:
        """ValidationFailed where the set has no such variant (its details list what there is), where it could change nothing,
        and where it could not be compared by what it costs. `field` is the path of what names it.
        """
        for part, name in variant.named.items():
            place = f"{field}.{part}"
            if name not in (there := self._there(part)):
                details = {"unknown": name, "allowed": list(there)}
                raise ValidationFailed(f"this set has no such {part}", field=place, details=details)
            try:
                reason = self._same(part, name) or (self._unpriced(name) if by_cost and part == "model" else None)
            except CardInvalid as error:
                reason = str(error)
            if reason:
                raise ValidationFailed(reason, field=place, details={"rule": reason})

    def _there(self, part: str) -> tuple[str, ...]:
        if part == "model":
            return tuple(self.models)
        return self.cards.names if part == "card" else self.versions.names

    def _unpriced(self, name: str) -> str | None:
        """The reason for which a model's cost tells nothing beside the usual one's."""
        known = {model: self.priced(model) for model in (self.model, self.models[name])}
        if len(set(known.values())) == 1:
            return None
        missing = next(model for model, priced in known.items() if not priced)
        return f"{missing} has no price: set it in MODEL_PRICES, or leave cost_usd out of what is compared"

    def _same(self, part: str, name: str) -> str | None:
        """The reason for which a variant could change nothing."""
        if part == "model":
            return f"{name} is {self.model}, which answers usually" if self.models[name] == self.model else None
        usual = self.roster[persona_of(name)] if part == "card" else next(iter(self.roster.values()))
        card = self.cards[name] if part == "card" else usual
        told = self.versions[name] if part == "prompt_version" else None
        if can_write(self.model, usual, card, told):
            return None
        reads = "reads no prompt" if self.model == PLAYBOOK else "reads nothing else of a card than its prompt"
        return f"it could change nothing: {self.model}, which answers usually, {reads}"

    def _made(self, variant: Variant, persona: Card) -> Varied:
        card = self.cards[variant.card] if variant.card else persona
        told = self.versions[variant.prompt_version] if variant.prompt_version else None
        return Varied(variant, card, told, self.models[variant.model] if variant.model else self.model)
