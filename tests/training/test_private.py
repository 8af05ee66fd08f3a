"""What private texts are learned from: each row is of a known kind, and none is of a part that was kept apart."""

import csv
from pathlib import Path

import pytest

from training.evaluate_private import DATA, LANGUAGES, PARTS
from training.private_corpus import asked, written


def apart(language: str) -> list[str]:
    files = [DATA / "private_apart" / f"{language}{part}.tsv" for part in PARTS]
    lines = [line for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    return [row[-1] for row in csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_that_is_learned_was_kept_apart_or_comes_twice(language: str) -> None:
    texts = [text for rows in written(language) for _, text in rows]
    assert len(set(texts)) == len(texts) > 1_000
    assert not set(texts).intersection(apart(language))
    assert len(set(asked(language)).intersection(apart(language))) <= 1  # two people may ask the same of thousands


def test_a_row_of_no_kind_is_named(tmp_path: Path) -> None:
    (tmp_path / "en_A.tsv").write_text("want\tkind\ttext\nharmless\tgeneral\thow?\nprivate\tshoes\tmine\n")
    with pytest.raises(ValueError, match=r"en_A\.tsv:3: a kind of private text is wanted, not 'shoes'"):
        written("en", tmp_path)
