"""`python -m training.expected --data DIR`: learns the vectors of meaning and the centres of stories, and writes both.

The vectors are learned from the stories in which people come, and the turns that they take right after the first answer. The
centres of turns are made by `training/centres.py`, from the vectors alone.

A centre lies between the ways to tell a story, as the teacher reads them and as the shipped vectors do, and its gist. How
likely a story is was learned on ways to tell it that were left out, and on stories of other scopes.
"""

import argparse
import json
import random
import zlib
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
from scipy.optimize import minimize

from ion_mentoring.models.playbook.expected.expected import EXPECTED as IN_SITUATIONS
from ion_mentoring.models.playbook.openings.openings import OPENINGS as OF_SITUATIONS
from ion_mentoring.understanding.expected.centres import LARGEST
from ion_mentoring.understanding.expected.reader import ExpectedTurns
from ion_mentoring.understanding.safety.later.expected.expected import EXPECTED as IN_DANGER
from ion_mentoring.understanding.safety.openings.openings import OPENINGS as OF_DANGER
from training import meaning
from training.expected_corpus import Said, ways
from training.meaning import LANGUAGES, SEED, TAUGHT_WAYS, Meaning, unit
from training.teacher import taught

SHIPPED: Final = Path(__file__).parent.parent / "shared/ion_mentoring"
VECTORS: Final = SHIPPED / "understanding/meaning/learned"
TURNS: Final = ((IN_SITUATIONS, "situations"), (IN_DANGER, "danger"))  # the books, and the rooms of the ways to say their turns
STORIES: Final = {  # the same of stories, by where their centres are written
    SHIPPED / "models/playbook/openings/learned": (OF_SITUATIONS, "openings"),
    SHIPPED / "understanding/safety/openings/learned": (OF_DANGER, "danger_openings"),
}
TAUGHT, OWN, GIST = 0.5, 0.5, 0.8  # by how much each counts in a centre
SPREAD: Final = 8.0  # where the search for the sharpness begins


@dataclass(frozen=True, slots=True)
class Belief:
    """The numbers by which likeness becomes a probability."""

    sharpness: float
    none: float


def centres(language: str, book: ExpectedTurns, learned: Meaning, said: Sequence[Said]) -> dict[str, Any]:
    """The centre of each turn of each scope, as rows in the order of its file."""
    own = learned.of([one.text for one in said])
    first = [one for one in said if one.way < TAUGHT_WAYS]
    read = learned.projection.of(taught(language, [one.text for one in first]))
    scopes = dict.fromkeys(one.scope for one in said)
    turns = [turn.in_(language) for scope in scopes for turn in book.turns(scope)]
    beside, made = GIST * learned.projection.of(taught(language, [turn.gist for turn in turns])), {}
    of_first, of_all = _by_turn(first), _by_turn(said)
    for scope in scopes:
        middles = [
            TAUGHT * read[of_first[scope, place]].mean(0) + OWN * own[of_all[scope, place]].mean(0)
            for place in range(len(book.turns(scope)))
        ]
        made[scope] = unit(np.array(middles) + beside[: len(middles)])
        beside = beside[len(middles) :]
    return made


def _by_turn(said: Sequence[Said]) -> Mapping[tuple[str, int], list[int]]:
    by_turn = defaultdict(list)
    for at, one in enumerate(said):
        by_turn[one.scope, one.place].append(at)
    return by_turn


def believed(
    book: ExpectedTurns, made: Mapping[str, Any], of: Callable[[Sequence[str]], Any], left_out: Sequence[Said]
) -> Belief:
    """The numbers by which what was left out is likeliest, read by `of`; each is tried in another scope as well.

    What comes after a story is told from what else comes after it.
    """
    vectors, others = of([one.text for one in left_out]), random.Random(SEED)  # noqa: S311
    likeness, places = [], []
    for vector, one in zip(vectors, left_out, strict=True):
        after = [turn.after for turn in book.turns(one.scope)]
        beside = [place for place, story in enumerate(after) if story == after[one.place]]
        likeness.append(made[one.scope][beside] @ vector)
        places.append(beside.index(one.place))
        another = others.choice([scope for scope in made if scope != one.scope])
        first = book.turns(another)[0].after
        same = [place for place, turn in enumerate(book.turns(another)) if turn.after == first]
        likeness.append(made[another][same] @ vector)
        places.append(-1)

    def loss(values: Any) -> float:
        total = 0.0
        for scores, place in zip(likeness, places, strict=True):
            every = np.array([*(values[0] * scores), values[1]])
            total -= every[place] - every.max() - np.log(np.exp(every - every.max()).sum())
        return total / len(places)

    belief = Belief(*map(float, minimize(loss, [SPREAD, SPREAD / 2], method="Nelder-Mead").x))
    report(likeness, places, belief)
    return belief


def report(likeness: Sequence[Any], places: Sequence[int], belief: Belief) -> None:
    """Prints how often what was left out is told, and rightly, by probability."""
    for least in (0.0, 0.2, 0.3, 0.4, 0.5, 0.6):
        count: Counter[str] = Counter()
        for scores, place in zip(likeness, places, strict=True):
            every = np.exp(belief.sharpness * scores)
            shares = every / (every.sum() + np.exp(belief.none))
            best = int(shares.argmax())
            count["own" if place >= 0 else "other"] += 1
            if shares[best] >= least:
                count["right" if best == place else "wrong" if place >= 0 else "false"] += 1
        print(
            f"  from {least}: right {count['right'] / count['own']:.3f}, another turn {count['wrong'] / count['own']:.3f}, "
            f"told of another scope {count['false'] / count['other']:.3f}"
        )


def packed(made: Mapping[str, Any], belief: Belief) -> bytes:
    """The file that the shipped reader takes."""
    rows = np.vstack([*made.values()])
    steps = np.rint(rows / np.abs(rows).max(1, keepdims=True) * LARGEST).astype(np.int8)
    described = {
        "size": rows.shape[1],
        "turns": {scope: len(own) for scope, own in made.items()},
        "sharpness": belief.sharpness,
        "none": belief.none,
    }
    return json.dumps(described).encode() + b"\n" + zlib.compress(steps.tobytes(), 9)


def _taught(language: str) -> list[Said]:
    """The texts that the vectors are learned from beside the stories: the turns that people take right after the first answer.

    Each has a scope of its own book, since the first turn of one is not that of another.
    """
    said = ((room, one) for book, room in TURNS for one in ways(language, book, room))
    return [replace(one, scope=f"{room}/{one.scope}") for room, one in said if not one.onward]


def learn(language: str, folder: Path) -> None:
    """Writes the files of a language."""
    turns, stories = _taught(language), {target: ways(language, book, room) for target, (book, room) in STORIES.items()}
    last = {target: _last(own) for target, own in stories.items()}
    kept = {target: [one for one in own if last[target][one.scope, one.place] is not one] for target, own in stories.items()}
    left = _last(turns)
    trial = meaning.learned(
        language, folder, [*(one for one in turns if left[one.scope, one.place] is not one), *_together(kept)]
    )
    whole = meaning.learned(language, folder, [*turns, *_together(stories)])
    (VECTORS / f"{language}.bin").write_bytes(meaning.packed(whole))
    for target, (book, _) in STORIES.items():
        print(f"{language}, {len(last[target])} stories, one way to tell each left out:")
        belief = believed(book, centres(language, book, trial, kept[target]), trial.of, [*last[target].values()])
        (target / f"{language}.bin").write_bytes(packed(centres(language, book, whole, stories[target]), belief))


def _last(said: Sequence[Said]) -> Mapping[tuple[str, int], Said]:
    return {(one.scope, one.place): one for one in said if one.way < TAUGHT_WAYS}


def _together(said: Mapping[Path, Sequence[Said]]) -> list[Said]:
    return [replace(one, scope=f"{STORIES[target][1]}/{one.scope}") for target, own in said.items() for one in own]


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="training.expected")
    parser.add_argument("--data", type=Path, required=True, help="the folder of the public data sets")
    folder = parser.parse_args().data
    for language in LANGUAGES:
        learn(language, folder)


if __name__ == "__main__":
    main()
