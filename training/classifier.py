"""The training of classifiers over hashed features: fitting, trust, and the file that the shipped reader takes."""

import json
import zlib
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import numpy as np
from scipy import sparse
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression

from ion_mentoring.understanding.classifier import NARROW, ZERO

BITS: Final = 16
STRENGTH: Final = 30.0  # inverse of the regularisation
KEPT: Final = 3000  # weights of a class, the largest ones: of all of them hardly more is told rightly, of 500 much less
LARGEST: Final = 127


@dataclass(frozen=True, slots=True)
class Row:
    """One text by its hashed features, the place of its class, and how much it counts."""

    hashes: Sequence[int]
    place: int
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Learned:
    """Weights by class and bucket, and a bias for each class."""

    weights: Any
    biases: Any

    def scores(self, hashed: Sequence[Sequence[int]]) -> Any:
        """The scores of texts, as the shipped reader reckons them."""
        return _by_root(_counts(hashed)) @ self.weights.T + self.biases


def fit(rows: Sequence[Row], strength: float = STRENGTH, precision: type = np.float64) -> Learned:
    """A multinomial logistic regression over hashed features, rarer ones weighing more; the largest weights are kept.

    In single precision it takes three quarters of the time.
    """
    counts = _counts([row.hashes for row in rows])
    messages = counts[[place for place, row in enumerate(rows) if row.weight == 1.0]]
    rarity = np.log((messages.shape[0] + 1) / (np.asarray((messages > 0).sum(0)).ravel() + 0.5))
    model = LogisticRegression(C=strength, max_iter=200)
    model.fit(
        _by_root(counts).multiply(rarity[None, :]).tocsr().astype(precision),
        np.array([row.place for row in rows]),
        sample_weight=np.array([row.weight for row in rows]),
    )
    if list(model.classes_) != list(range(len(model.classes_))):
        raise ValueError("a class has no rows: each needs those of two sources, since each source is left out once")
    weights = model.coef_ * rarity[None, :]
    for own in weights:
        least = np.partition(np.abs(own), -KEPT)[-KEPT]
        own[np.abs(own) < least] = 0.0
    step = np.abs(weights).max() / LARGEST
    return Learned(np.rint(weights / step) * step, model.intercept_)


@dataclass(frozen=True, slots=True)
class Trust:
    """A correction that makes scores likely: their factor, and what is added to the score of the last class."""

    factor: float
    last: float

    def applied(self, scores: Any) -> Any:
        """The scores as they are to be."""
        shifted = scores * self.factor
        shifted[:, -1] += self.last
        return shifted


def trust(
    sources: Sequence[Sequence[Row]], always: Sequence[Row], strength: float = STRENGTH, precision: type = np.float64
) -> Trust:
    """The trust by which texts of a source that was left out, each in turn, are likeliest (Guo et al., 2017)."""
    scores, places = [], []
    for left_out in range(len(sources)):
        rest = [row for at, rows in enumerate(sources) if at != left_out for row in rows]
        learned = fit([*always, *rest], strength, precision)
        scores.append(learned.scores([row.hashes for row in sources[left_out]]))
        places += [row.place for row in sources[left_out]]
    pooled, told = np.concatenate(scores), np.array(places)

    def loss(values: Any) -> float:
        logits = Trust(*values).applied(pooled)
        logits = logits - logits.max(1, keepdims=True)
        return float(-(logits[np.arange(len(told)), told] - np.log(np.exp(logits).sum(1))).mean())

    found = minimize(loss, [1.0, 0.0], method="Nelder-Mead").x
    return Trust(float(found[0]), float(found[1]))


def packed(learned: Learned, described: Mapping[str, Any], trust: Trust) -> bytes:
    """The file of weights as the shipped reader takes it: by bucket, which classes it speaks for and how much."""
    step = float(np.abs(learned.weights).max()) / LARGEST
    steps = np.rint(learned.weights / step).astype(int)
    starts, places, weights = array("I", [0]), bytearray(), bytearray()
    size = "u1" if len(steps) <= NARROW else "<u2"
    for bucket in range(steps.shape[1]):
        (own,) = np.nonzero(steps[:, bucket])
        places += own.astype(size).tobytes()
        weights += bytes((steps[own, bucket] + ZERO).tolist())
        starts.append(len(weights))
    head = {
        **described,
        "bits": BITS,
        "scale": round(step * trust.factor, 9),
        "biases": [round(float(bias), 5) for bias in trust.applied(learned.biases[None, :])[0]],
    }
    sizes = array("H", [after - before for before, after in pairwise(starts)])
    return json.dumps(head).encode() + b"\n" + zlib.compress(sizes.tobytes() + bytes(places) + bytes(weights), 9)


def _counts(hashed: Sequence[Sequence[int]]) -> Any:
    mask, starts, columns = (1 << BITS) - 1, [0], []
    for hashes in hashed:
        columns += [code & mask for code in hashes]
        starts.append(len(columns))
    made = sparse.csr_matrix((np.ones(len(columns)), columns, starts), shape=(len(hashed), 1 << BITS))
    made.sum_duplicates()
    return made


def _by_root(counts: Any) -> Any:
    return sparse.diags(1 / np.sqrt(np.maximum(np.asarray(counts.sum(1)).ravel(), 1.0))) @ counts
