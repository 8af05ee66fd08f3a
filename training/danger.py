"""`python -m training.danger --data DIR`: learns the weights of the danger check and writes them, the same bytes each time."""

import argparse
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from ion_mentoring.understanding.safety.danger import KINDS
from ion_mentoring.understanding.safety.learned import ZERO, PartReader
from training.corpus import Row, mentoring, ordinary, written

TARGET: Final = Path(__file__).parent.parent / "shared" / "ion_mentoring/understanding/safety/danger.bin"
BITS: Final[dict[str, int]] = {"danger": 18, "other": 15, "minor": 14, **dict.fromkeys(KINDS, 14)}
STRENGTH: Final = 50.0  # inverse of the regularisation: of 3 to 400 the least that is good on authors left out in turn
DESPAIR_WEIGHT: Final = 0.5  # against a sign, for yes and for no: such a text is to be unsure
ORDINARY_WEIGHT: Final = 0.5  # against a written look-alike
MENTORING_WEIGHT: Final = 1.0  # and of what people ask a mentor
ROUNDS: Final = 3  # of choosing the telling part of each sign anew
LARGEST: Final = 127

Parts = Sequence[tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Learned:
    """One table before it is made small: weights by bucket, and what speaks for yes before any feature."""

    weights: "np.ndarray[tuple[int], np.dtype[np.float64]]"
    bias: float
    bits: int

    def score(self, part: tuple[int, ...]) -> float:
        """The logarithm of the odds, as the shipped reader reckons it."""
        if not part:
            return self.bias
        mask = (1 << self.bits) - 1
        return self.bias + float(sum(self.weights[code & mask] for code in part)) / float(np.sqrt(len(part)))


def learn_danger(rows: Sequence[Row], texts: Sequence[str], reader: PartReader) -> Learned:
    """The table of danger. A sign of several sentences stands for the one that says most, chosen anew each round."""
    signs = [(reader.parts(row.text), 1.0 if row.want == "sign" else DESPAIR_WEIGHT) for row in rows if row.want != "harmless"]
    harmless = [(reader.parts(row.text), 1.0) for row in rows if row.want == "harmless"]
    harmless += [(reader.parts(text), ORDINARY_WEIGHT) for text in texts]
    harmless += [(reader.parts(text), MENTORING_WEIGHT) for text in mentoring()]
    no = [(part, weight / np.sqrt(len(several))) for several, weight in harmless for part in several]
    no += [(several[-1], DESPAIR_WEIGHT) for several, weight in signs if weight == DESPAIR_WEIGHT]
    telling = [several[-1] for several, _ in signs]
    learned = _telling_from_rest(telling, signs, no)
    for _ in range(1, ROUNDS):
        telling = [max(several, key=learned.score) for several, _ in signs]
        learned = _telling_from_rest(telling, signs, no)
    return learned


def _telling_from_rest(
    telling: Parts, signs: Sequence[tuple[Parts, float]], no: Sequence[tuple[tuple[int, ...], float]]
) -> Learned:
    yes = [(part, weight) for part, (_, weight) in zip(telling, signs, strict=True)]
    return fit([*yes, *no], [1] * len(yes) + [0] * len(no), BITS["danger"])


def learn(rows: Sequence[Row], texts: Sequence[str], reader: PartReader) -> dict[str, Learned]:
    """All tables, by the name that the shipped reader knows."""
    danger = learn_danger(rows, texts, reader)
    signs = [row for row in rows if row.want != "harmless"]
    telling = [(max(reader.parts(row.text), key=danger.score), 1.0) for row in signs]

    def question(name: str, yes: Callable[[Row], bool]) -> Learned:
        return fit(telling, [int(yes(row)) for row in signs], BITS[name])

    tables = {"danger": danger, "other": question("other", lambda row: row.who == "other")}
    tables["minor"] = question("minor", lambda row: row.age == "minor")
    for kind in KINDS:
        tables[kind] = question(kind, lambda row, kind=kind: row.kind == kind)  # type: ignore[misc]
    return tables


def fit(weighted: Sequence[tuple[tuple[int, ...], float]], answers: Sequence[int], bits: int) -> Learned:
    """A regularised logistic regression over hashed features, each part at length one; rows without a feature say nothing."""
    model = LogisticRegression(C=STRENGTH, solver="liblinear", random_state=0, max_iter=300)
    matrix = _matrix([part for part, _ in weighted], bits)
    model.fit(matrix, np.array(answers), sample_weight=np.array([weight for _, weight in weighted]))
    return Learned(model.coef_[0], float(model.intercept_[0]), bits)


def packed(tables: dict[str, Learned]) -> bytes:
    """The file of weights as the shipped reader takes it."""
    described, body = [], bytearray()
    for name, table in tables.items():
        scale = float(np.abs(table.weights).max()) / LARGEST
        body += (np.rint(table.weights / scale).astype(np.int16) + ZERO).astype(np.uint8).tobytes()
        described.append({"name": name, "bits": table.bits, "scale": round(scale, 9), "bias": round(table.bias, 6)})
    return json.dumps({"tables": described}).encode() + b"\n" + bytes(body)


def _matrix(several: Parts, bits: int) -> "sparse.csr_matrix[np.float64]":
    """A row a part; a bucket that two features share counts both."""
    mask, starts, columns, values = (1 << bits) - 1, [0], [], []
    for part in several:
        columns += [code & mask for code in part]
        values += [1 / np.sqrt(len(part))] * len(part) if part else []
        starts.append(len(columns))
    matrix = sparse.csr_matrix((np.array(values), np.array(columns, dtype=np.int32), starts), shape=(len(several), 1 << bits))
    matrix.sum_duplicates()
    return matrix


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the folder with emotions_en.tsv.gz and its like")
    parser.add_argument("--out", type=Path, default=TARGET)
    arguments = parser.parse_args()
    rows, (texts, _) = written(), ordinary(arguments.data)
    arguments.out.write_bytes(packed(learn(rows, texts, PartReader.load())))
    size = arguments.out.stat().st_size
    print(f"{arguments.out}: {size:,} bytes from {len(rows):,} written rows and {len(texts):,} ordinary ones")


if __name__ == "__main__":
    main()
