"""Texts with personal data, marked by hand, and ordinary ones with numbers."""

import json
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

HERE: Final = Path(__file__).parent
PARTED: Final = "‖"  # within what would look like a real vendor's secret if it stood here in one piece
RUN: Final = 6  # letters or digits of a secret in a row are a leak; of an address, 5
RUN_OF_ADDRESS: Final = 5


@dataclass(frozen=True)
class Personal:
    """A text, and what of it must not come out."""

    kind: str
    text: str
    secrets: tuple[str, ...]

    def leaks_into(self, told: str) -> bool:
        """True if a secret, or a run of its letters and digits in any form, is in what was told of this text alone."""
        plain = plain_letters(told)
        return any(secret in told or any(run in plain for run in self._runs(plain_letters(secret))) for secret in self.secrets)

    def stands_in(self, plain: str) -> bool:
        """True if a whole secret is in the letters and digits of much that was told: ids and times there have any short run."""
        return any(plain_letters(secret) in plain for secret in self.secrets)

    def _runs(self, secret: str) -> Iterator[str]:
        length = min(RUN_OF_ADDRESS if self.kind == "address" else RUN, len(secret))
        return (secret[at : at + length] for at in range(len(secret) - length + 1))


@cache
def personal() -> tuple[Personal, ...]:
    """The 300 texts with personal data."""
    return tuple(map(_read, (HERE / "personal.tsv").read_text().splitlines()))


@cache
def ordinary() -> tuple[str, ...]:
    """The 300 ordinary ones."""
    return tuple((HERE / "ordinary.txt").read_text().splitlines())


def dumped(value: Any) -> str:
    """A value as JSON with every letter as it is."""
    return json.dumps(value, ensure_ascii=False, default=str)


def _read(line: str) -> Personal:
    kind, marked = line.replace(PARTED, "").split("\t")
    pieces = marked.replace("⟧", "⟦").split("⟦")
    return Personal(kind, "".join(pieces), tuple(pieces[1::2]))


def plain_letters(text: str) -> str:
    """The letters and digits of a text, in one form and case."""
    return "".join(letter for letter in unicodedata.normalize("NFKC", text).casefold() if letter.isalnum())
