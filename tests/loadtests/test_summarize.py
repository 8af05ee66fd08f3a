"""The summariser reads the stats of three times of Locust, and refuses whatever is not Locust's stats."""

import subprocess
import sys
from pathlib import Path

import pytest

from loadtests.locust_csv import read_stats
from loadtests.summarize_locust_csv import main

FILES = Path(__file__).resolve().parent / "locust_csv"
ROOT = FILES.parents[2]
GOOD = (FILES / "locust_2.0.csv").read_text(encoding="utf-8")
HEAD, GET, POST, NEVER, TOTAL = GOOD.splitlines()


def lines(*kept: str) -> bytes:
    return "".join(f"{line}\n" for line in kept).encode()


BROKEN = {
    "empty": b"",
    "a blank line": b"\n",
    "binary": bytes(range(256)),
    "UTF-16": GOOD.encode("utf-16"),
    "HTML": b"<html><body>502 Bad Gateway</body></html>",
    "JSON": b'{"requests": 200}',
    "another CSV": b"name,age\nA,1\n",
    "the history of Locust": b"Timestamp,User Count,Type,Name,Requests/s,Failures/s,50%\n1,1,,Aggregated,0,0,1\n",
    "the failures of Locust": b"Method,Name,Error,Occurrences\nPOST,process,x,3\n",
    "a head alone": lines(HEAD),
    "no row of all": lines(HEAD, GET, POST),
    "two rows of all": lines(HEAD, GET, POST, TOTAL, TOTAL),
    "an endpoint named as the row of all": lines(HEAD, f"GET{TOTAL}"),
    "no requests": lines(HEAD, ",Aggregated,0,0,0,0,0,0,0,0.0,0.0" + ",N/A" * 11),
    "a missing column": lines(*(",".join(line.split(",")[:-6]) for line in (HEAD, GET, POST, TOTAL))),
    "a column twice": lines(*(f"{line},{line.split(',')[2]}" for line in (HEAD, GET, POST, TOTAL))),
    "a short row": lines(HEAD, GET[:-6], POST, TOTAL),
    "a long row": lines(HEAD, f"{GET},1", POST, TOTAL),
    "a row that was cut": lines(HEAD, GET, POST[:20]),
    "words for numbers": lines(HEAD, GET.replace(",40,", ",forty,"), POST, TOTAL),
    "a negative count": lines(HEAD, GET.replace(",40,", ",-40,"), POST, TOTAL),
    "not a number": lines(HEAD, GET.replace(",3.5,", ",nan,"), POST, TOTAL),
    "more failures than requests": lines(HEAD, GET.replace(",40,0,", ",40,41,"), POST, TOTAL),
    "rows that do not add up": lines(HEAD, GET, TOTAL),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_what_is_not_locusts_stats_is_an_error_and_never_a_row(
    kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, out = tmp_path / "some_stats.csv", tmp_path / "out.md"
    path.write_bytes(BROKEN[kind])
    assert main([str(FILES / "locust_2.0.csv"), str(path), "--out", str(out)]) == 2
    printed = capsys.readouterr()
    assert str(path) in printed.err
    assert printed.out == ""
    assert not out.exists()


@pytest.mark.parametrize("name", [".", "nobody.csv"])
def test_a_file_that_cannot_be_read_is_an_error(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path / name)]) == 2
    assert "summarize_locust_csv: " in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "count", "p95"), [("locust_1.0.csv", 100, 105.0), ("locust_2.0.csv", 200, 98.0), ("locust_2.47.csv", 213, 440.0)]
)
def test_three_times_of_locust_are_read_alike(name: str, count: int, p95: float) -> None:
    stats = read_stats(FILES / name)
    assert (stats.overall.count, stats.overall.p95_ms) == (count, p95)
    assert "Aggregated" not in {row.name for row in stats.rows}


def test_the_row_of_all_is_found_by_its_name_wherever_it_stands(tmp_path: Path) -> None:
    moved = tmp_path / "moved.csv"
    moved.write_bytes(lines(HEAD, TOTAL, POST, GET))
    assert read_stats(moved).overall == read_stats(FILES / "locust_2.0.csv").overall


def test_a_byte_order_mark_is_no_part_of_the_head(tmp_path: Path) -> None:
    marked = tmp_path / "marked.csv"
    marked.write_bytes(b"\xef\xbb\xbf" + GOOD.encode())
    assert read_stats(marked).overall.count == 200


def test_the_table_has_what_was_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    file = str(FILES / "locust_2.0.csv")
    assert main([file]) == 0
    plain = capsys.readouterr().out
    assert "| POST | process | 160 | 4 | 1.6 | 25 | 12 | 110 | 470 | ❌ |" in plain
    assert "Aggregated" not in plain
    assert main([file, "--ascii-status", "--with-overall", "--with-success-rate"]) == 0
    full = capsys.readouterr().out
    assert full.isascii()
    assert "| POST | process | 160 | 4 | 1.6 | 25 | 12 | 110 | 470 | 97.50% | FAILED |" in full
    assert "|  | **Aggregated** | 200 | 4 | 2.0 | 21 | 10 | 98 | 460 | 98.00% | FAILED |" in full
    assert "| POST | never\\|asked | 0 | 0 | 0.0 | 0 | - | - | - | - | FAILED |" in full
    assert {line.count("|") - line.count("\\|") for line in full.splitlines() if line.startswith("|")} == {12}


@pytest.mark.slow
def test_it_runs_as_a_program_from_any_folder(tmp_path: Path) -> None:
    program = str(ROOT / "loadtests/summarize_locust_csv.py")
    command = [sys.executable, program, str(FILES / "locust_1.0.csv"), "--out", "made.md"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert (tmp_path / "made.md").read_text(encoding="utf-8").startswith("## locust_1.0\n")
