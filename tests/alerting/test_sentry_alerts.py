"""Sentry's rules are made from the table, once, and changed only where they differ."""

from collections.abc import Iterator

import pytest

from infra.alerting import sentry_alerts
from infra.alerting.rules import rules
from infra.alerting.sentry_rules import action, expressible
from tests.alerting.sentry_server import SentryServer, serving

MADE = [rule for rule in rules() if expressible(rule)]


@pytest.fixture
def sentry(monkeypatch: pytest.MonkeyPatch) -> Iterator[SentryServer]:
    with serving() as server:
        settings = {"URL": server.url, "AUTH_TOKEN": "token", "ORG": "acme", "PROJECT": "ion"}
        for name, value in settings.items():
            monkeypatch.setenv(f"SENTRY_{name}", value)
        yield server


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr("sys.argv", ["sentry-alerts", *arguments])
    return sentry_alerts.main()


def test_a_dry_run_changes_nothing(
    sentry: SentryServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch) == 0
    assert sentry.calls == []
    assert capsys.readouterr().out.count("make ") == 2 * len(MADE)


def test_a_second_run_finds_all_as_it_is_and_a_change_is_mended(
    sentry: SentryServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "--write") == 0
    assert sentry.calls == [("POST", "detectors"), ("POST", "workflows")] * len(MADE)
    sentry.calls.clear()
    assert run(monkeypatch, "--write") == 0
    assert sentry.calls == []
    first = next(iter(sentry.kept["detectors"].values()))
    first["conditionGroup"]["conditions"][0]["comparison"] = 1_000_000
    capsys.readouterr()
    assert run(monkeypatch, "--write") == 0
    assert sentry.calls == [("PUT", "detectors")]
    assert "conditionGroup" in capsys.readouterr().out


def test_what_others_made_is_left_alone(sentry: SentryServer, monkeypatch: pytest.MonkeyPatch) -> None:
    sentry.kept["detectors"] = {f"x{number}": {"id": f"x{number}", "name": f"Theirs {number}"} for number in range(5)}
    assert run(monkeypatch, "--write") == 0
    assert run(monkeypatch, "--write") == 0
    assert {method for method, _ in sentry.calls} == {"POST"}
    assert len(sentry.kept["detectors"]) == 5 + len(MADE)


def test_a_workflow_tells_about_its_own_detector(sentry: SentryServer, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(monkeypatch, "--write") == 0
    for one in sentry.kept["workflows"].values():
        assert [sentry.kept["detectors"][id]["name"] for id in one["detectorIds"]] == [one["name"]]


@pytest.mark.parametrize(
    ("trouble", "said"), [("gone", "retired"), ("token", "401"), ("away", "not reached"), ("unset", "SENTRY_ORG")]
)
def test_trouble_is_one_sentence(
    sentry: SentryServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], trouble: str, said: str
) -> None:
    sentry.gone = trouble == "gone"
    changed = {"token": ("AUTH_TOKEN", "x"), "away": ("URL", "http://127.0.0.1:1"), "unset": ("ORG", "")}
    if trouble in changed:
        name, value = changed[trouble]
        monkeypatch.setenv(f"SENTRY_{name}", value)
    assert run(monkeypatch, "--write") == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert said in line


def test_who_is_told_is_what_the_rule_says() -> None:
    channels = {
        "slack": {"integration": "1", "id": "C1", "name": "#ion"},
        "pagerduty": {"integration": "2", "id": "P1", "name": "ION"},
    }
    for rule in MADE:
        assert action(rule, channels)["type"] == rule.tell
        assert action(rule, {})["type"] == "email"
