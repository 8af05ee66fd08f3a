"""The slots of the safe texts, filled with the lines of the listener's country and setting."""

from collections.abc import Iterable
from typing import Final

from msgspec import Struct

from ion_mentoring.understanding.safety.contacts import Contact, ordered, said_in
from ion_mentoring.understanding.safety.danger import Danger, Kind, Setting
from ion_mentoring.understanding.safety.helplines import Helplines, Need

NEEDS: Final[dict[Kind, tuple[Need, ...]]] = {
    "suicide": ("self_harm",),
    "self_injury": ("self_harm",),
    "eating": ("eating", "self_harm"),
    "home_violence": ("violence",),
    "sexual": ("violence",),
    "stalking": ("violence",),
    "work_violence": ("work",),
    "harm_others": ("harm_others",),
}


class Listener(Struct, frozen=True):
    """The listener of an answer: language code, country (ISO 3166-1 alpha-2) and setting of the danger where they are known.

    `child` if the writer is one, whoever is in danger.
    """

    language: str
    country: str | None = None
    setting: Setting | None = None
    child: bool = False


class Filling:
    """Fills {help}, {text}, {short}, {emergency}, {police} and {ambulance}; lines of the needs `first` come before others."""

    def __init__(self, helplines: Helplines) -> None:
        self._helplines = helplines

    def country(self, texts: Iterable[str]) -> str | None:
        """The country in which somebody says to be, None where they name none."""
        return self._helplines.named(texts)

    def line(self, danger: Danger, to: Listener, first: tuple[Need, ...] = ()) -> str:
        """One line of where to turn."""
        return self._helplines.lines((*first, *_needs(danger)), to.language, to.country)[0]

    def contacts(
        self, said: str, danger: Danger, to: Listener, first: tuple[Need, ...] = (), *, at_once: bool = False
    ) -> tuple[Contact, ...]:
        """The ways to reach somebody beside what is `said`: the lines of the danger, those that are named, the emergency.

        Whoever may die by their own hand keeps the line for that, first; where somebody is hurt, that of the setting is.
        """
        lines, own = self._helplines, _needs(danger)
        needs = (*own, *first) if danger.group == "self_harm" else (*first, *own)
        emergency = lines.emergency_contacts(to.language, to.country, police_first=danger.group != "self_harm")
        named = said_in(said, lines.every_contact(to.language, to.country))
        numbers = {one.to for one in emergency}
        found = [*lines.contacts(needs, to.language, to.country), *(one for one in named if one.to not in numbers)]
        return ordered(found, emergency, at_once=at_once)

    def filled(self, text: str, danger: Danger, to: Listener, first: tuple[Need, ...] = ()) -> str:
        """The text with the numbers of the listener's country."""
        lines, needs = self._helplines, (*first, *_needs(danger))
        emergency = lines.emergency(to.language, to.country)
        urgent = f"- 위급하면 {emergency}" if to.language == "ko" else f"- In immediate danger: {emergency}"
        short = (
            f"{self.line(danger, to, first)}{'. 위급하면' if to.language == 'ko' else '. In immediate danger:'} {emergency}."
        )
        return (
            text.replace("{help}", "\n".join([*(f"- {line}" for line in lines.lines(needs, to.language, to.country)), urgent]))
            .replace("{text}", "\n".join(f"- {line}" for line in lines.lines(needs, to.language, to.country, text=True)))
            .replace("{short}", short)
            .replace("{emergency}", emergency)
            .replace("{police}", lines.police(to.language, to.country))
            .replace("{ambulance}", lines.ambulance(to.language, to.country))
        )


def _needs(danger: Danger) -> tuple[Need, ...]:
    """A child is led to the line for children first, and somebody who worries for another to the line that counsels on it."""
    needs = NEEDS[danger.kind]
    if danger.minor:
        return ("minor", *needs)
    return ("other", *needs) if danger.other and danger.group == "self_harm" else needs
