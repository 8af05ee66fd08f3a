"""The program that measures the danger check counts what it says, and the training data is what it claims to be."""

import gzip
from collections import Counter
from pathlib import Path

import pytest

from ion_mentoring.understanding.safety.check import DangerCheck
from ion_mentoring.understanding.safety.danger import KINDS
from training.corpus import ORDINARY, ordinary, written
from training.evaluate_danger import APART, Part, apart, count, report

CHECK = DangerCheck.load()


def test_the_tiers_of_some_texts_are_counted() -> None:
    part = count(CHECK, ["죽고 싶어요", "살아서 뭐하나 싶어요", "코드 리뷰는 어떻게 하나요"])
    assert (part.texts, part.sure, part.named, part.faint) == (3, 1, 1, 0)
    assert str(Part(8, 4, 2, 1)) == "8 | 0.500 | 0.250 | 0.125 | 0.875"


def test_the_table_has_a_line_for_each_kind_and_language() -> None:
    rows = [
        {"want": "danger", "kind": "direct", "language": "ko", "text": "죽고 싶어요", "part": "ko"},
        {"want": "danger", "kind": "direct", "language": "ja", "text": "死にたい", "part": "ko"},
        {"want": "harmless", "kind": "idiom", "language": "en", "text": "this deadline is killing me", "part": "en"},
    ]
    table = "\n".join(report(CHECK, rows, None))
    assert "| sign | ko | direct | 1 | 1.000 | 0.000 | 0.000 | 1.000 |" in table
    assert "| sign | others | all | 1 | 1.000 | 0.000 | 0.000 | 1.000 |" in table
    assert "| look-alike | en | idiom | 1 |" in table
    assert "| look-alike | en | all of en | 1 |" in table, "a part that was written later is told by itself, too"


def test_ordinary_rows_to_learn_from_are_never_measured_with(tmp_path: Path) -> None:
    for name, rows in ORDINARY.items():
        with gzip.open(tmp_path / f"{name}.tsv.gz", "wt", encoding="utf-8") as file:
            file.write(
                "text\temotions\n" + "".join(f"{name} row {n}\tjoy\n" for n in range(2 * rows + 10)) + "I want to die\tx\n"
            )
    learn, by_name = ordinary(tmp_path)
    measure = [text for texts in by_name.values() for text in texts]
    assert len(learn) == len(measure) == sum(ORDINARY.values())
    assert not set(learn) & set(measure)
    assert "I want to die" not in learn + measure


def test_the_written_rows_are_enough_of_each_kind_and_language() -> None:
    rows = written()
    assert len(rows) == len({row.text for row in rows}) >= 3_200
    wants = Counter((row.want == "harmless", "ko" if any("가" <= char <= "힣" for char in row.text) else "en") for row in rows)
    assert all(amount >= 800 for amount in wants.values()), wants
    assert {row.kind for row in rows if row.want != "harmless"} == set(KINDS)


def test_a_line_with_a_column_too_few_is_named(tmp_path: Path) -> None:
    (tmp_path / "x.tsv").write_text("want\tkind\twho\tage\ttext\nsign\tsuicide\tself\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"x\.tsv:2"):
        written(tmp_path)


def test_no_row_of_the_part_kept_apart_is_learned_from() -> None:
    learned = {row.text for row in written()}
    rows = apart(APART)
    assert len(rows) >= 600
    assert not [row["text"] for row in rows if row["text"] in learned]
