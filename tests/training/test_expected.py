"""What expected turns are learned from: each way to say a turn once, of a turn that is in the book, and none kept apart."""

import csv
from pathlib import Path

import pytest

from ion_mentoring.models.playbook.expected.expected import EXPECTED as IN_SITUATIONS
from ion_mentoring.understanding.safety.later.expected.expected import EXPECTED as IN_DANGER
from training import expected_corpus
from training.corpus import DATA
from training.expected_corpus import ways

ROOMS = {"situations": (IN_SITUATIONS, ""), "danger": (IN_DANGER, "danger_")}


def apart(name: str) -> set[tuple[str, str]]:
    with (DATA / "expected_apart" / f"{name}.tsv").open(encoding="utf-8", newline="") as lines:
        return {(row[0], row[-1]) for row in csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)}


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("room", ROOMS)
def test_no_way_to_say_a_turn_stands_twice_in_its_file_or_was_kept_apart(room: str, language: str) -> None:
    book, prefix = ROOMS[room]
    said = [(one.scope, one.text) for one in ways(language, book, room)]
    assert len(set(said)) == len(said) > 1_500
    assert not apart(f"{prefix}{language}").intersection(said)


def test_ways_to_say_other_turns_than_the_book_has_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "danger").mkdir()
    own = (expected_corpus.WAYS / "danger" / "first" / "eating_minor.toml").read_text(encoding="utf-8")
    (tmp_path / "danger" / "eating_minor.toml").write_text(own.replace('about = "', 'about = "not ', 1), encoding="utf-8")
    monkeypatch.setattr(expected_corpus, "WAYS", tmp_path)
    with pytest.raises(ValueError, match=r"eating_minor\.toml"):
        ways("en", IN_DANGER, "danger")
