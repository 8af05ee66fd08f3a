"""`python -m training.keys --data DIR`: learns how texts speak and writes the weights of tone, pace and intent.

They are the same bytes each time.
"""

import argparse
import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from scipy import sparse
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression

from ion_mentoring.understanding.resonance.clues import Clues
from ion_mentoring.understanding.resonance.learned import NOTHING, ZERO, Model
from training.key_corpus import FIVE, VALUES, Told, aimless, public, written

TARGET: Final = Path(__file__).parent.parent / "shared/ion_mentoring/understanding/resonance/learned"
LANGUAGES: Final = ("en", "ko")
BITS: Final = {"tone": 18, "pace": 15, "intent": 15}
STRENGTH: Final = 0.5  # inverse of the regularisation
FOLDS: Final = 4  # of which one is left out in turn, to see what is made of texts that were not learned from
WRITTEN_WEIGHT: Final = 3.0  # of a message written by hand against a public comment
BY_HAND: Final = 0.2  # of all messages together against all public comments, while their scores are mixed
COMMENT_WEIGHT: Final = 2.0  # of a comment that a Korean wrote against a translation
ONCE: Final = 0.5  # what is added to each count of a feature before its scale is taken (Wang and Manning, 2012)
LARGEST: Final = 127  # levels of a weight on either side
AIMLESS: Final = 150  # neutral public texts that are learned as texts without an intent
KEPT: Final = 30_000  # weights of a value, the largest ones: more of them take room and bring nothing
SURE_POINTS: Final = 12
ALARMS: Final = ("frustrated", "anxious", "urgent")  # what a neutral text is seldom to be called
FALSE_ALARMS: Final = 0.085  # how seldom, while leaning is chosen
LEANINGS: Final = np.arange(-2.0, 2.51, 0.25)
ROUNDS: Final = 3  # in which every leaning is chosen anew

Matrix = Any  # a sparse matrix of SciPy, which has no types


def features(rows: Sequence[Told], clues: Clues, language: str) -> list[list[int]]:
    """The hashes of each text as the shipped reader takes them."""
    return [clues.of(row.text, language)[1] for row in rows]


def matrix(hashed: Sequence[Sequence[int]], bits: int) -> Matrix:
    """A row a text: in how many features a bucket occurs."""
    mask, starts, columns = (1 << bits) - 1, [0], []
    for hashes in hashed:
        columns += [code & mask for code in hashes]
        starts.append(len(columns))
    ones = np.ones(len(columns), dtype=np.float32)
    made = sparse.csr_matrix((ones, np.array(columns, dtype=np.int32), starts), shape=(len(hashed), 1 << bits))
    made.sum_duplicates()
    return made


def by_root(counts: Matrix) -> Matrix:
    """Each row by the root of its number of features, as the shipped reader does."""
    sizes = np.maximum(np.asarray(counts.sum(1)).ravel(), 1.0)
    return sparse.diags(1 / np.sqrt(sizes)) @ counts


def one_value(counts: Matrix, answers: Any, weights: Any) -> tuple[Any, float]:
    """Weights and bias of one value: the mean of two logistic regressions, which err differently.

    The features of one are scaled as naive Bayes has them (Wang and Manning, 2012), those of the other by how rare they are.
    """
    weighted = sparse.diags(weights) @ counts
    yes = np.asarray(weighted[answers == 1].sum(0)).ravel() + ONCE
    no = np.asarray(weighted[answers == 0].sum(0)).ravel() + ONCE
    telling = np.log((yes / yes.sum()) / (no / no.sum()))
    rare = np.log((counts.shape[0] + 1) / (np.asarray((counts > 0).sum(0)).ravel() + 1))
    fitted = [_fit(by_root(counts), scale, answers, weights) for scale in (telling, rare)]
    return sum(own for own, _ in fitted) / len(fitted), sum(bias for _, bias in fitted) / len(fitted)


def _fit(rows: Matrix, scale: Any, answers: Any, weights: Any) -> tuple[Any, float]:
    model = LogisticRegression(C=STRENGTH, solver="liblinear", random_state=0, max_iter=200)
    model.fit(rows.multiply(scale[None, :]).tocsr(), answers, sample_weight=weights)
    return model.coef_[0] * scale, float(model.intercept_[0])


@dataclass(frozen=True, slots=True)
class Small:
    """One value's weights as they ship: bytes, and what one step of them is worth."""

    table: bytes
    scale: float

    def scores(self, counts: Matrix) -> Any:
        """The scores of texts, as the shipped reader reckons them."""
        steps = np.frombuffer(self.table, dtype=np.uint8).astype(np.float64) - ZERO
        return by_root(counts) @ steps * self.scale


def small(weights: Any) -> Small:
    """The weights in few levels."""
    scale = round(float(np.abs(weights).max()) / LARGEST, 9)
    least = np.partition(np.abs(weights), -KEPT)[-KEPT] if len(weights) > KEPT else 0.0
    steps = np.rint(np.where(np.abs(weights) >= least, weights, 0.0) / scale).astype(np.int16)
    return Small((steps + ZERO).astype(np.uint8).tobytes(), scale)


def _beside(tables: Sequence[bytes]) -> bytes:
    """One row a bucket, with its byte of each table."""
    rows = bytearray(sum(map(len, tables)))
    for place, table in enumerate(tables):
        rows[place :: len(tables)] = table
    return bytes(rows)


def answer(row: Told, name: str) -> str | None:
    """The value that a text has of a part: `NOTHING` for a neutral one, None where it has several or that is not known."""
    if name == "tone":
        if row.neutral:
            return NOTHING
        return next(iter(row.tones)) if len(row.tones) == 1 else None
    return row.pace if name == "pace" else row.intent


def weight(row: Told) -> float:
    """The weight of a text while it is learned from."""
    if row.pace is not None:
        return WRITTEN_WEIGHT
    return COMMENT_WEIGHT if row.source == "comments_ko" else 1.0


def learn_part(name: str, rows: Sequence[Told], hashed: Sequence[Sequence[int]]) -> Model:
    """The model of one part, from all its rows but those kept apart."""
    values, counts = VALUES[name], matrix(hashed, BITS[name])
    tables, scores = [], np.zeros((len(rows), len(values)))
    for place, value in enumerate(values):
        told = [_says(row, name, value) for row in rows]
        use = np.array([at for at, row in enumerate(rows) if row.part == "learn" and told[at] is not None])
        answers = np.array([int(bool(told[at])) for at in use])
        weights = np.array([weight(rows[at]) for at in use])
        for fold in range(FOLDS):
            out, rest = np.arange(len(use)) % FOLDS == fold, np.arange(len(use)) % FOLDS != fold
            held = small(one_value(counts[use[rest]], answers[rest], weights[rest])[0])
            scores[use[out], place] = held.scores(counts[use[out]])
        tables.append(small(one_value(counts[use], answers, weights)[0]))
        unseen = np.setdiff1d(np.arange(len(rows)), use)
        scores[unseen, place] = tables[-1].scores(counts[unseen])
    mixing = _mixing(name, rows, scores)
    likely = _softmax(scores @ mixing[:, :-1].T + mixing[:, -1])
    leaning = _leaning(rows, likely) if name == "tone" else np.zeros(len(values) + 1)
    return Model(
        values=(*values, NOTHING),
        bits=BITS[name],
        rows=_beside([table.table for table in tables]),
        scales=tuple(table.scale for table in tables),
        mixing=tuple(tuple(round(float(one), 4) for one in row) for row in mixing),
        leaning=tuple(round(float(one), 2) for one in leaning),
        sure=_sure(name, rows, likely, leaning),
    )


def _says(row: Told, name: str, value: str) -> bool | None:
    if name == "tone":
        return value in row.tones if value in row.known else None
    told = answer(row, name)
    return None if told is None else told == value


def _mixing(name: str, rows: Sequence[Told], scores: Any) -> Any:
    """A row a value and one for `NOTHING`, the bias last: multinomial logistic regression over the scores of left-out texts."""
    values = (*VALUES[name], NOTHING)
    use = [place for place, row in enumerate(rows) if row.part == "learn" and answer(row, name) is not None]
    told = np.array([values.index(answer(rows[place], name)) for place in use])
    by_hand = np.array([rows[place].pace is not None for place in use])
    weights = np.where(by_hand, max(1.0, BY_HAND * (~by_hand).sum() / max(1, by_hand.sum())), 1.0)
    model = LogisticRegression(C=1.0, max_iter=2_000)
    model.fit(scores[use], told, sample_weight=weights)
    mixing = np.full((len(values), scores.shape[1] + 1), 0.0)
    mixing[:, -1] = -12.0  # a value that no row has is never likely
    for place, value in enumerate(model.classes_):
        mixing[value, :-1], mixing[value, -1] = model.coef_[place], model.intercept_[place]
    return mixing


def _leaning(rows: Sequence[Told], likely: Any) -> Any:
    """The leanings that are added when a tone is chosen: the best macro-F1 on texts not learned from, with few false alarms.

    It is that of the five tones that public comments tell, and that of all tones of messages written by hand.
    """
    values = (*VALUES["tone"], NOTHING)
    use = [place for place, row in enumerate(rows) if row.part == "learn" and answer(row, "tone") is not None]
    told = np.array([values.index(answer(rows[place], "tone")) for place in use])
    by_hand = np.array([rows[place].pace is not None for place in use])
    of_five = np.isin(told, [values.index(one) for one in FIVE]) & ~by_hand
    logs = np.log(likely[use] + 1e-12)
    alarming = [place for place, value in enumerate(values) if value in ALARMS]
    leaning = np.zeros(len(values))
    for _ in range(ROUNDS):
        for value in range(len(values) - 1):
            tried = []
            for lean in LEANINGS:
                attempt = leaning.copy()
                attempt[value] = lean
                chosen = (logs + attempt).argmax(1)
                alarms = np.isin(chosen[(told == len(values) - 1) & ~by_hand], alarming)
                gain = _macro(told[of_five], chosen[of_five]) + _macro(told[by_hand], chosen[by_hand])
                tried.append((gain - 10 * max(0.0, float(alarms.mean()) - FALSE_ALARMS) - 0.002 * abs(lean), float(lean)))
            leaning[value] = max(tried)[1]
    return leaning


def _macro(told: Any, chosen: Any) -> float:
    found = []
    for value in sorted(set(told)):
        right = ((chosen == value) & (told == value)).sum()
        found.append(2 * right / max(1, (chosen == value).sum() + (told == value).sum()))
    return float(np.mean(found)) if found else 0.0


def _sure(name: str, rows: Sequence[Told], likely: Any, leaning: Any) -> tuple[tuple[float, float], ...]:
    """The share of choices that are right, by its probability, isotonic over left-out texts."""
    values = (*VALUES[name], NOTHING)
    alike = [row.pace is None for row in rows] if name == "tone" else [True] * len(rows)  # written ones are easier
    known = [row.part == "learn" and answer(row, name) is not None for row in rows]
    use = np.flatnonzero(np.array(known) & np.array(alike))
    chosen = (np.log(likely[use] + 1e-12) + leaning).argmax(1)
    told = [answer(rows[place], name) for place in use]
    each = zip(use, chosen, told, strict=True)
    picked = [(likely[place][at], values[at] == right) for place, at, right in each if values[at]]
    probability, right = np.array([one for one, _ in picked]), np.array([float(one) for _, one in picked])
    model = IsotonicRegression(y_min=0.02, y_max=0.98, out_of_bounds="clip").fit(probability, right)
    points = np.unique(np.quantile(probability, np.linspace(0, 1, SURE_POINTS)).round(4))
    return tuple((float(point), round(float(sure), 4)) for point, sure in zip(points, model.predict(points), strict=True))


def _softmax(logits: Any) -> Any:
    shares = np.exp(logits - logits.max(1, keepdims=True))
    return shares / shares.sum(1, keepdims=True)


def packed(models: dict[str, Model]) -> bytes:
    """The file of weights as the shipped reader takes it."""
    described = [
        {
            "name": name,
            "bits": model.bits,
            "values": model.values,
            "scales": model.scales,
            "mixing": model.mixing,
            "leaning": model.leaning,
            "sure": model.sure,
        }
        for name, model in models.items()
    ]
    body = b"".join(model.rows for model in models.values())
    return json.dumps({"parts": described}).encode() + b"\n" + zlib.compress(body, 9)


def learn(language: str, data: Path) -> dict[str, Model]:
    """The models of a language."""
    clues = Clues.load()
    rows = [*public(data, language), *written(language)]
    hashed = features(rows, clues, language)
    models = {"tone": learn_part("tone", rows, hashed)}
    own = [place for place, row in enumerate(rows) if row.pace is not None]
    quiet = aimless(rows, AIMLESS)
    by_hand = [*(rows[place] for place in own), *quiet]
    their = [*(hashed[place] for place in own), *features(quiet, clues, language)]
    return models | {name: learn_part(name, by_hand, their) for name in ("pace", "intent")}


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the folder with emotions_en.tsv.gz and its like")
    parser.add_argument("--out", type=Path, default=TARGET)
    arguments = parser.parse_args()
    for language in LANGUAGES:
        data = packed(learn(language, arguments.data))
        (arguments.out / f"{language}.bin").write_bytes(data)
        print(f"{language}: {len(data):,} bytes")


if __name__ == "__main__":
    main()
