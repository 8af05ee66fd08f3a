"""The learning of the vectors of meaning.

A teacher reads texts of all kinds. Of its vectors that is kept which tells the expected turns of one situation apart (Fisher's
linear discriminants). A ridge regression from hashed n-grams learns these few numbers. It is tuned so that ways to say one turn
lie near each other, and far from other turns of the situation (Snell et al., Prototypical Networks, 2017; each left out in
turn).
"""

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from scipy import sparse
from scipy.linalg import eigh

from ion_mentoring.understanding.meaning.vectors import ZERO
from ion_mentoring.understanding.ngrams import hashed_ngrams
from training.expected_corpus import Said, ordinary
from training.teacher import taught

LANGUAGES: Final = ("en", "ko")
BITS: Final = 15
SIZE: Final = 64
ORDINARY: Final = 3_000  # texts of every kind that the teacher reads beside the expected turns; more of them change nothing
SHRUNK: Final = 1.5  # by how much the scatter within turns is drawn to a sphere
RIDGE: Final = 1.0
STEPS: Final = 40  # of conjugate gradients
EPOCHS: Final = 2
RATE: Final = 0.002
SHARPNESS: Final = 8.0
TOGETHER: Final = 4  # situations in one step
SEED: Final = 3
TAUGHT_WAYS: Final = 6  # ways to say a turn that the teacher reads
LARGEST: Final = 127


@dataclass(frozen=True, slots=True)
class Projection:
    """From the teacher's vectors to the few numbers that are kept of them."""

    mean: Any
    axes: Any

    def of(self, vectors: Any) -> Any:
        """Unit rows of the small space."""
        return unit(unit(vectors - self.mean) @ self.axes)


def unit(rows: Any) -> Any:
    """Rows of length one."""
    return rows / np.maximum(1e-6, np.linalg.norm(rows, axis=1, keepdims=True))


def projected(vectors: Any, said: Sequence[Said], mean: Any) -> Projection:
    """The axes along which the turns of one situation differ most, against how much ways to say one turn do."""
    rows = unit(vectors - mean)
    within, between = np.zeros((rows.shape[1],) * 2), np.zeros((rows.shape[1],) * 2)
    for _, places in _scopes(said):
        centre = rows[places].mean(0)
        for turn in _turns(said, places):
            own = rows[turn]
            middle = own.mean(0)
            within += (own - middle).T @ (own - middle)
            between += len(own) * np.outer(middle - centre, middle - centre)
    within /= len(said)
    sphere = SHRUNK * np.trace(within) / len(within) * np.eye(len(within))
    _, axes = eigh(between / len(said), within + sphere)
    return Projection(mean, axes[:, -SIZE:].astype(np.float32))


def features(texts: Sequence[str], rarity: Any = None) -> tuple[Any, Any]:
    """Unit rows of n-grams, rarer ones weighing more, and the rarity of each bucket."""
    buckets = [sorted({code & ((1 << BITS) - 1) for code in hashed_ngrams(text)}) for text in texts]
    starts = np.cumsum([0, *map(len, buckets)])
    places = np.fromiter((one for own in buckets for one in own), dtype=np.int32, count=int(starts[-1]))
    if rarity is None:
        rarity = np.log((len(texts) + 1) / (np.bincount(places, minlength=1 << BITS) + 1)).astype(np.float32)
    rows = sparse.csr_matrix((rarity[places], places, starts), shape=(len(texts), 1 << BITS), dtype=np.float32)
    lengths = np.sqrt(np.asarray(rows.multiply(rows).sum(1)).ravel())
    return sparse.diags(1 / np.maximum(1e-6, lengths)).dot(rows).tocsr().astype(np.float32), rarity


def ridge(rows: Any, wanted: Any) -> Any:
    """The weights that lead from rows to what is wanted, by conjugate gradients on all columns at once."""
    weights = np.zeros((rows.shape[1], wanted.shape[1]), dtype=np.float32)
    left = rows.T @ wanted
    way, size = left.copy(), (left * left).sum(0)
    for _ in range(STEPS):
        ahead = rows.T @ (rows @ way) + RIDGE * way
        step = size / np.maximum(1e-12, (way * ahead).sum(0))
        weights += step * way
        left -= step * ahead
        before, size = size, (left * left).sum(0)
        way = left + size / np.maximum(1e-12, before) * way
    return weights


def tuned(weights: Any, rows: Any, said: Sequence[Said]) -> Any:
    """The weights after a few rounds in which each text is led to its own turn, and away from the others of its situation."""
    weights = weights / np.sqrt(((rows @ weights) ** 2).sum(1).mean())
    first, second, step = np.zeros_like(weights), np.zeros_like(weights), 0
    situations, order = [*_scopes(said)], random.Random(SEED)  # noqa: S311  # the same order each time is the point
    for _ in range(EPOCHS):
        order.shuffle(situations)
        for at in range(0, len(situations), TOGETHER):
            some = situations[at : at + TOGETHER]
            slope = sum(_slope(weights, rows[places], _of_turns(said, places)) for _, places in some) / (70 * len(some))
            step += 1
            first, second = 0.9 * first + 0.1 * slope, 0.99 * second + 0.01 * slope * slope
            weights -= RATE * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.99**step)) + 1e-8)
    return weights


def _slope(weights: Any, rows: Any, own: Any) -> Any:
    """The slope of the loss of one situation; `own` is 1 where a text belongs to a turn."""
    vectors = rows @ weights
    others = np.maximum(1, own.sum(0)[None, :] - own)
    alike = vectors @ vectors.T
    np.fill_diagonal(alike, 0)
    scores = SHARPNESS * (alike @ own) / others
    likely = np.exp(scores - scores.max(1, keepdims=True))
    likely /= likely.sum(1, keepdims=True)
    pull = ((likely - own) * SHARPNESS / others) @ own.T
    np.fill_diagonal(pull, 0)
    return rows.T @ ((pull + pull.T) @ vectors)


def _scopes(said: Sequence[Said]) -> list[tuple[str, Any]]:
    names = np.array([one.scope for one in said])
    return [(name, np.flatnonzero(names == name)) for name in sorted(set(names))]


def _turns(said: Sequence[Said], places: Any) -> list[Any]:
    own = np.array([said[place].place for place in places])
    return [places[own == turn] for turn in sorted(set(own))]


def _of_turns(said: Sequence[Said], places: Any) -> Any:
    own = np.array([said[place].place for place in places])
    return (own[:, None] == np.unique(own)[None, :]).astype(np.float32)


@dataclass(frozen=True, slots=True)
class Meaning:
    """What was learned of a language: vectors by bucket, in whole numbers, and the projection of the teacher's."""

    vectors: Any
    projection: Projection

    def of(self, texts: Sequence[str]) -> Any:
        """Unit rows, as the shipped reader reckons them."""
        return unit(_counted(texts) @ self.vectors.astype(np.float32))


def _counted(texts: Sequence[str]) -> Any:
    hashed = [[code & ((1 << BITS) - 1) for code in hashed_ngrams(text)] for text in texts]
    starts = np.cumsum([0, *map(len, hashed)])
    places = np.fromiter((one for own in hashed for one in own), dtype=np.int32, count=int(starts[-1]))
    return sparse.csr_matrix((np.ones(len(places), np.float32), places, starts), shape=(len(texts), 1 << BITS))


def learned(language: str, folder: Path, said: Sequence[Said]) -> Meaning:
    """The vectors of a language, by the ways to say its expected turns and ordinary texts."""
    texts = ordinary(language, folder)
    random.Random(SEED).shuffle(texts)  # noqa: S311
    texts = texts[:ORDINARY]
    read = [one for one in said if one.way < TAUGHT_WAYS]
    general, own = taught(language, texts), taught(language, [one.text for one in read])
    projection = projected(own, read, general.mean(0))
    rows, rarity = features([*texts, *(one.text for one in read)])
    wanted = projection.of(np.vstack([general, own]))
    every, _ = features([one.text for one in said], rarity)
    weights = tuned(ridge(rows, wanted), every, said) * rarity[:, None]
    step = np.quantile(np.abs(weights[np.abs(weights).max(1) > 0]), 0.999) / LARGEST
    return Meaning(np.clip(np.rint(weights / step), -LARGEST, LARGEST).astype(np.int16), projection)


def packed(meaning: Meaning) -> bytes:
    """The file that the shipped reader takes, as it is: compressed it is a tenth smaller, and takes 15 ms more to read."""
    head = json.dumps({"bits": BITS, "size": SIZE}).encode()
    rows: bytes = (meaning.vectors + ZERO).astype(np.uint8).tobytes()
    return head + b"\n" + rows
