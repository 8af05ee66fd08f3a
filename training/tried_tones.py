"""`python -m training.tried_tones --data DIR`: what finer emotions would bring to the reading of tones, on texts held back.

A fifth of the texts that are learned from is held back; how scores are mixed and how probabilities lean is learned of one half
of it and measured on the other. Nothing that is kept apart is read. Some minutes a language.
"""

import argparse
import csv
import gzip
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from ion_mentoring.understanding.resonance.clues import Clues
from training.key_corpus import FIVE, SAD, TONES, Told, public, written
from training.keys import (
    ALARMS,
    BITS,
    BY_HAND,
    LANGUAGES,
    ONCE,
    STRENGTH,
    Matrix,
    _leaning,
    _macro,
    answer,
    by_root,
    features,
    matrix,
    weight,
)

OFTEN: Final = 3  # texts that a bucket has to occur in
STEPS: Final = 40
MIXED: Final = 0.02  # inverse of the regularisation while scores are mixed
HELD: Final = 5  # of which one is held back
VALUES: Final = (*TONES, "")


def fitted(counts: Matrix, answers: Any, known: Any, weights: Any, *, by_bayes: bool) -> Any:
    """The weights of logistic regressions, one a column, all at once; what a data set does not say has no loss."""
    mass = (known * weights[:, None]).astype(np.float32)
    yes, every = counts.T @ (answers * mass) + ONCE, counts.T @ mass + 2 * ONCE
    common = np.asarray((counts > 0).sum(0)).ravel()
    rarity = np.broadcast_to(np.log((counts.shape[0] + 1) / (common + 1))[:, None], yes.shape)
    scales = np.log((yes / yes.sum(0)) / ((every - yes) / (every - yes).sum(0))) if by_bayes else rarity
    often, width = np.flatnonzero(common >= OFTEN), answers.shape[1]
    rows, own = by_root(counts)[:, often].tocsr().astype(np.float32), scales[often].astype(np.float32)
    back = rows.T.tocsr()

    def loss(flat: Any) -> tuple[float, Any]:
        inner, biases = flat[:-width].reshape(-1, width).astype(np.float32), flat[-width:].astype(np.float32)
        scores = rows @ (inner * own) + biases
        off = mass * (1 / (1 + np.exp(-scores)) - answers)
        lost = (mass * (np.logaddexp(0, scores) - answers * scores)).sum(dtype=np.float64) + (inner**2).sum() / (2 * STRENGTH)
        return float(lost), np.concatenate([(own * (back @ off) + inner / STRENGTH).ravel(), off.sum(0)]).astype(np.float64)

    begin = np.concatenate([np.zeros(own.size), np.full(width, -2.0)])
    found = minimize(loss, begin, jac=True, method="L-BFGS-B", options={"maxiter": STEPS, "maxcor": 6}).x
    table = np.zeros((counts.shape[1], width), dtype=np.float32)
    table[often] = found[:-width].reshape(-1, width) * own
    return table


def measured(rows: Sequence[Told], scores: Any) -> tuple[float, ...]:
    """Average precision and macro-F1 of five tones, false alarms, neutral texts that are called anything, sadness found."""
    part, sums = np.arange(len(rows)) // 2 % 2, np.zeros(5)
    for half in (0, 1):
        learn, rest = np.flatnonzero(part == half), np.flatnonzero(part != half)
        some, others = [rows[at] for at in learn], [rows[at] for at in rest]
        model = _mixed(some, scores[learn])
        own, likely = (_likely(model, scores[at]) for at in (learn, rest))
        public_ones = np.array([row.source.startswith("emotions") and answer(row, "tone") is not None for row in others])
        right = np.array([VALUES.index(answer(row, "tone") or "") for row in others])[public_ones]
        chosen = (np.log(likely + 1e-12) + _leaning(some, own)).argmax(1)[public_ones]
        sums += _figures(likely[public_ones], chosen, right)
    return tuple(sums / 2)


def _mixed(rows: Sequence[Told], scores: Any) -> Any:
    """A model that makes tones of scores; with few texts and many scores it has to be held back."""
    use = [at for at, row in enumerate(rows) if answer(row, "tone") is not None]
    told = [VALUES.index(answer(rows[at], "tone") or "") for at in use]
    by_hand = np.array([rows[at].pace is not None for at in use])
    weights = np.where(by_hand, BY_HAND * (~by_hand).sum() / by_hand.sum(), 1.0)
    model = make_pipeline(StandardScaler(), LogisticRegression(C=MIXED, max_iter=500))
    return model.fit(scores[use], told, logisticregression__sample_weight=weights)


def _likely(model: Any, scores: Any) -> Any:
    """The probability of each value, none for one that no text of a half has."""
    likely = np.zeros((len(scores), len(VALUES)))
    likely[:, model.classes_] = model.predict_proba(scores)
    return likely


def _figures(likely: Any, chosen: Any, right: Any) -> Any:
    five, quiet, sad = [VALUES.index(one) for one in FIVE], chosen[right == len(TONES)], VALUES.index(SAD)
    precision = np.mean([average_precision_score(right == one, likely[:, one]) for one in five])
    alarms = np.isin(quiet, [VALUES.index(one) for one in ALARMS]).mean()
    single = np.isin(right, five)
    found = (chosen[right == sad] == sad).mean()
    return np.array([precision, _macro(right[single], chosen[single]), alarms, (quiet != len(TONES)).mean(), found])


def candidates(language: str, data: Path) -> dict[str, tuple[float, ...]]:
    """The figures of each candidate by name."""
    rows = [*public(data, language), *written(language)]
    with gzip.open(data / f"emotions_{language}.tsv.gz", "rt", encoding="utf-8", newline="") as lines:
        told = [set(row["emotions"].split(",")) for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)]
    use = [at for at, row in enumerate(rows) if row.part == "learn"]
    counts = matrix(features([rows[at] for at in use], Clues.load(), language), BITS["tone"])
    names, held = sorted(set().union(*told)), np.arange(len(use)) % HELD == 0
    emotions = np.array([[at < len(told) and one in told[at] for one in names] for at in use], dtype=np.float32)
    named = np.repeat(np.array([[at < len(told)] for at in use], dtype=np.float32), len(names), axis=1)
    tones = np.array([[one in rows[at].tones for one in TONES] for at in use], dtype=np.float32)
    known = np.array([[one in rows[at].known for one in TONES] for at in use], dtype=np.float32)
    weights = np.array([weight(rows[at]) for at in use], dtype=np.float32)

    def scores(answers: Any, said: Any, *, by_bayes: bool) -> Any:
        table = fitted(counts[~held], answers[~held], said[~held], weights[~held], by_bayes=by_bayes)
        return by_root(counts[held]) @ table

    bayes, rare = (scores(tones, known, by_bayes=one) for one in (True, False))
    finer, both = scores(emotions, named, by_bayes=True), (bayes + rare) / 2
    tried = {"naive Bayes": bayes, "rarity": rare, "their mean": both, "and emotions": np.hstack([both, finer])}
    some = [rows[at] for at, out in zip(use, held, strict=True) if out]
    return {name: measured(some, one) for name, one in tried.items()}


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the folder with emotions_en.tsv.gz and its like")
    data = parser.parse_args().data
    print("| language | candidate | precision | five tones | false alarms | called anything | sadness found |")
    print("| --- " * 7 + "|")
    for language in LANGUAGES:
        for name, figures in candidates(language, data).items():
            print(f"| {language} | {name} | " + " | ".join(f"{one:.3f}" for one in figures) + " |", flush=True)


if __name__ == "__main__":
    main()
