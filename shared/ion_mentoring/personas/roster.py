"""The roster: every persona there is, in the order in which ties are broken."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path

from ion_mentoring.errors import CardInvalid, UnknownPersona
from ion_mentoring.personas.card import Card
from ion_mentoring.resources import paths, read_model

CARDS = "ion_mentoring/personas/cards/*.toml"
VARIANT_CARDS = "ion_mentoring/personas/cards/variants/*.toml"


class Roster(Mapping[str, Card]):
    """Cards by id, in listed order."""

    def __init__(self, cards: tuple[Card, ...]) -> None:
        self._cards = {card.id: card for card in sorted(cards, key=lambda card: (card.listed, card.id))}

    def __getitem__(self, persona: str) -> Card:
        return self._cards[persona]

    def __iter__(self) -> Iterator[str]:
        return iter(self._cards)

    def __len__(self) -> int:
        return len(self._cards)

    def named(self, name: str) -> Card:
        """The card of an id or of a name in either language, ignoring case; UnknownPersona lists those there are."""
        wanted = name.strip().casefold()
        for card in self._cards.values():
            if wanted in (card.id, card.name.en.casefold(), card.name.ko.casefold()):
                return card
        raise UnknownPersona("unknown persona", field="persona", details={"allowed": list(self._cards)})


def load_roster() -> Roster:
    """All cards in `cards/`; CardInvalid if one is wrong or its id is not its file's name."""
    return _loaded(tuple(paths(CARDS)))


@lru_cache(maxsize=1)
def _loaded(files: tuple[Path, ...]) -> Roster:
    cards = []
    for path in files:
        card = read_model(Card, path)
        if card.id != path.stem:
            raise CardInvalid(f"{path.name}: id: is {card.id!r}, not the file's name", field="id")
        cards.append(card)
    return Roster(tuple(cards))
