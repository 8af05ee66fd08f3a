"""Scenarios are data, and what their users ask is as mixed as they say."""

import ast
import json
import random
import tomllib
from collections import Counter
from pathlib import Path

import pytest

from ion_mentoring.understanding.language import language_of
from loadtests.asking import Asked
from loadtests.questions import Popularity, questions
from loadtests.scenario import FILE, read
from loadtests.trouble import NothingToSay
from loadtests.visitor import MARKER, Visitor, kinds

NAMES = list(tomllib.loads(FILE.read_text(encoding="utf-8"))["scenarios"])
KEYS = {"mentee": ["ion_mentee"], "service": ["ion_service"], "operator": ["ion_operator"]}


def visits(name: str, number: int, **more: object) -> list[Asked]:
    scenario = read(name).model_copy(update=more)
    popular = Popularity(questions(scenario.questions), scenario.zipf)
    visitors = [Visitor(scenario, popular, KEYS, random.Random(seed)) for seed in range(20)]
    return [visitors[place % 20].next() for place in range(number)]


@pytest.mark.parametrize("name", NAMES)
def test_a_scenario_is_read_and_has_an_end(name: str) -> None:
    scenario = read(name)
    assert scenario.stage_at(0.0) == scenario.stages[0][1:]
    assert scenario.stage_at(scenario.seconds) is None


@pytest.mark.parametrize(
    ("name", "users", "rate", "seconds"),
    [("light", 10, 1, 120), ("medium", 50, 5, 180), ("heavy", 100, 10, 300), ("stress", 1000, 50, 600)],
)
def test_the_four_sizes_are_as_agreed(name: str, users: int, rate: float, seconds: float) -> None:
    assert read(name).stages == ((seconds, users, rate),)


def test_a_scenario_can_be_cut_short() -> None:
    spike = read("spike").shortened(90.0)
    assert spike.stages == ((60, 20, 5), (30, 300, 150))
    assert read("spike").shortened(1e6) == read("spike").shortened(None)


def test_a_misspelt_promise_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "scenarios.toml"
    path.write_text(FILE.read_text(encoding="utf-8").replace("errors = 0.01", "erors = 0.01"), encoding="utf-8")
    with pytest.raises(NothingToSay, match="erors"):
        read("light", path)


def test_there_are_two_hundred_questions_of_each_language() -> None:
    every = questions(400)
    assert Counter(question.language for question in every) == {"ko": 200, "en": 200}
    assert len({question.text for question in every}) == 400
    assert [question for question in every if language_of(question.text) != question.language] == []


def test_few_questions_are_asked_by_many() -> None:
    popular, dice = Popularity(questions(400), 1.0), random.Random(1)
    counts = Counter(popular.choose(dice).text for _ in range(10_000))
    assert counts.most_common(1)[0][0] == questions(400)[0].text
    assert 0.25 < sum(count for _, count in counts.most_common(10)) / 10_000 < 0.6
    assert len(counts) > 350


def test_the_mix_is_as_the_scenario_says() -> None:
    asked = visits("light", 4000)
    share = {endpoint: count / len(asked) for endpoint, count in Counter(one.endpoint for one in asked).items()}
    assert 0.01 < share["bad on purpose"] < 0.03
    assert share["process in a session"] > share["process"] > share["process stream"] > share["bulk-process"] > 0
    assert {"v1 chat", "v1 process", "recommend", "cache-stats"} <= set(share)


def test_each_role_asks_with_its_own_key() -> None:
    keys = {one.endpoint: one.headers.get("x-api-key") for one in visits("light", 2000, bad=0.0)}
    assert keys.pop("bulk-process") == "ion_service"
    assert keys.pop("cache-stats") == "ion_operator"
    assert set(keys.values()) == {"ion_mentee"}


def test_what_no_key_allows_is_left_out() -> None:
    mentee = {"mentee": ["ion_mentee"]}
    assert set(kinds(read("light"), {})) == set(read("light").mix)
    assert set(kinds(read("light"), mentee)) == set(read("light").mix) - {"bulk", "operate"}
    with pytest.raises(NothingToSay, match="no key for a role"):
        kinds(read("batch"), mentee)


def test_a_session_has_turns_of_one_user_and_a_word_that_only_they_write() -> None:
    turns = [one for one in visits("light", 2000, bad=0.0) if one.endpoint == "process in a session"]
    sessions: dict[str, list[Asked]] = {}
    for turn in turns:
        sessions.setdefault(json.loads(turn.body)["context"]["session_id"], []).append(turn)
    assert max(map(len, sessions.values())) == 5
    assert all(len({turn.marker for turn in session}) == 1 for session in sessions.values())
    users = Counter(json.loads(session[0].body)["context"]["user_id"] for session in sessions.values())
    assert any(count > 1 for count in users.values())
    assert any("new" in user for user in users)
    written = [turn for turn in turns if MARKER.encode() in turn.body]
    assert written
    assert all((turn.marker or "").encode() in turn.body for turn in written)


def test_no_two_requests_have_one_id() -> None:
    asked = visits("light", 3000)
    assert len({one.request_id for one in asked}) == len(asked)


def test_what_is_judged_without_locust_imports_without_it() -> None:
    folder = FILE.parent
    needs = {
        path.name
        for path in folder.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in ([node.module or ""] if isinstance(node, ast.ImportFrom) else [one.name for one in node.names])
        if name.split(".")[0] in ("locust", "gevent", "geventhttpclient")
    }
    assert needs == {"locustfile.py", "wire.py"}
