"""`python -m training.centres`: makes the centres of expected turns by the shipped vectors of meaning, and writes them.

A centre lies between the ways to say a turn and its gist. How likely a turn is was learned on ways to say it that were left
out, and on turns of other scopes: of turns that the vectors were not learned from. They are the same bytes each time.
"""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np

from ion_mentoring.models.playbook.expected.expected import EXPECTED as IN_SITUATIONS
from ion_mentoring.understanding.expected.reader import ExpectedTurns
from ion_mentoring.understanding.meaning.vectors import load_vectors
from ion_mentoring.understanding.safety.later.expected.expected import EXPECTED as IN_DANGER
from training.expected import SHIPPED, believed, packed
from training.expected_corpus import Said, ways
from training.meaning import LANGUAGES, unit

BOOKS: Final = {  # by where their centres are written: the book, and the room of the ways to say its turns
    SHIPPED / "models/playbook/expected/learned": (IN_SITUATIONS, "situations"),
    SHIPPED / "understanding/safety/later/expected/learned": (IN_DANGER, "danger"),
}
GIST: Final = 0.3  # by how much the gist counts beside the middle of the ways


def centres(language: str, book: ExpectedTurns, said: Sequence[Said]) -> dict[str, Any]:
    """The centre of each turn of each scope, as rows in the order of its files."""
    of_turn: dict[tuple[str, int], list[str]] = {}
    for one in said:
        of_turn.setdefault((one.scope, one.place), []).append(one.text)
    made = {}
    for scope in dict.fromkeys(one.scope for one in said):
        middles = [of(language, of_turn[scope, place]).mean(0) for place in range(len(book.turns(scope)))]
        gists = of(language, [turn.in_(language).gist for turn in book.turns(scope)])
        made[scope] = unit(np.array(middles) + GIST * gists)
    return made


def of(language: str, texts: Sequence[str]) -> Any:
    """Unit rows of what texts mean."""
    vectors = load_vectors(language)
    return np.array([vectors.of(text).unit for text in texts])


def learn(language: str, target: Path) -> None:
    """Writes the centres of a book in a language."""
    book, room = BOOKS[target]
    said = ways(language, book, room)
    onward = [one for one in said if one.onward] or said
    last = {(one.scope, one.place): one for one in onward}
    kept = [one for one in said if last.get((one.scope, one.place)) is not one]
    print(f"{language}, {room}: one way to say each of {len(last)} turns left out:")
    belief = believed(book, centres(language, book, kept), partial(of, language), [*last.values()])
    (target / f"{language}.bin").write_bytes(packed(centres(language, book, said), belief))


def main() -> None:
    """The command."""
    for language in LANGUAGES:
        for target in BOOKS:
            learn(language, target)


if __name__ == "__main__":
    main()
