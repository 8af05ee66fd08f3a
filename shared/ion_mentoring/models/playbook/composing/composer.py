"""The composer: the person's own words in direct speech, with a word before and after that makes them easy to say."""

import re
from collections.abc import Sequence
from typing import Final

from msgspec import Struct

from ion_mentoring.catalogue.bilingual import Datum
from ion_mentoring.models.playbook.composing import english, korean
from ion_mentoring.models.playbook.composing.spoken import Act, Spoken
from ion_mentoring.resources import paths, read_data

PHRASES: Final = "ion_mentoring/models/playbook/composing/phrases.toml"
READ: Final = 300  # characters of a text in which it is looked for
LOOKS_BACK: Final = 6  # texts in which what is to be said may stand
FEWEST_TOLD: Final = 3  # words of what is told to nobody in particular: fewer mean too little
_ONE_SENTENCE: Final = re.compile(r"한 ?(?:문장|줄|마디)|\bone (?:sentence|line)\b|짧게|\bshort\b", re.IGNORECASE)


class Around(Datum, frozen=True, kw_only=True):
    """The words around: how one addresses somebody, how one begins, and how one ends after each act."""

    address: str
    opens: str
    why: str
    request: str
    tells: str
    asks: str


class Tongue(Datum, frozen=True, kw_only=True):
    """One language: who is close, who has a title, and the words around for either."""

    close_to: str
    titled: str
    formal: Around
    close: Around


class Phrases(Datum, frozen=True, kw_only=True):
    """The data file."""

    ko: Tongue
    en: Tongue


class Composer(Struct, frozen=True):
    """Composes words to say in Korean and English."""

    phrases: Phrases

    @staticmethod
    def load() -> "Composer":
        """The composer with the product's data."""
        return Composer(read_data(Phrases, paths(PHRASES)[0]))

    def words(self, texts: Sequence[str], language: str, *, told: bool = False) -> str | None:
        """The words that the last text asks for; None where it does not say what is to be said.

        Texts are what the person wrote, oldest first: a reason that is given later belongs to what was asked for before.
        `told`: the person was asked to whom they want to say what.
        """
        grammar, tongue = (korean, self.phrases.ko) if language == "ko" else (english, self.phrases.en)
        texts = [text[:READ] for text in texts[-LOOKS_BACK:]]
        last = texts[-1]
        found = grammar.spoken(last) if told or grammar.asks(last) else None
        if found and found.act == "tells" and not found.who and len(found.formal.split()) < FEWEST_TOLD:
            return None
        if found:
            alone = _ONE_SENTENCE.search(last) is not None
            return _said(found, tongue) if alone else _whole(found, tongue, None)
        asked = (text for text in reversed(texts[:-1]) if grammar.asks(text))
        before = next((spoken for text in asked if (spoken := grammar.spoken(text))), None)
        why = grammar.reason(last) if before else None
        return _whole(before, tongue, why) if before and why else None


def _is_close(found: Spoken, tongue: Tongue) -> bool:
    return re.search(tongue.close_to, found.who, re.IGNORECASE) is not None


def _said(found: Spoken, tongue: Tongue) -> str:
    return found.close if _is_close(found, tongue) else found.formal


def _whole(found: Spoken, tongue: Tongue, why: str | None) -> str:
    around = tongue.close if _is_close(found, tongue) else tongue.formal
    opens = f"{_address(found, tongue, around)}{around.opens}"
    because = around.why.replace("{why}", why) if why else ""
    return " ".join(part for part in (opens, _said(found, tongue), because, _ending(around, found.act)) if part)


def _ending(around: Around, act: Act) -> str:
    return {"request": around.request, "tells": around.tells, "asks": around.asks}[act]


def _address(found: Spoken, tongue: Tongue, around: Around) -> str:
    """How the person is addressed, where that is known: by a title, or a name with 님."""
    titled = re.search(tongue.titled, found.who)
    if not titled and not found.who.endswith("님"):
        return ""
    return around.address.replace("{who}", f"{found.who}님" if titled else found.who)
