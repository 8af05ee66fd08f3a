"""Each incident rings its own rule and no other, soon, once, at the right place; and a quiet day rings none."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.alerting.incidents import Incident
from infra.alerting.library import INCIDENTS, QUIET_DAY
from infra.alerting.notices import Delivery
from infra.alerting.receivers import Received, receiving
from infra.alerting.rehearse import delivery_to, main, rang
from infra.alerting.rules import rules

BY_NAME = {rule.name: rule for rule in rules()}


@pytest.fixture
def received() -> Iterator[Received]:
    with receiving() as both:
        yield both


@pytest.fixture
def delivery(received: Received) -> Iterator[Delivery]:
    made = delivery_to(received)
    yield made
    made.close()


@pytest.mark.parametrize("incident", INCIDENTS, ids=lambda incident: incident.name)
def test_an_incident_rings_its_rule_and_is_over_afterwards(incident: Incident, received: Received, delivery: Delivery) -> None:
    found = rang(incident, delivery)
    assert tuple(one.rule.partition(":")[0] for one in found) == incident.rings
    rule = BY_NAME[incident.rings[0]]
    assert 0 <= found[0].after_s <= rule.window_s + 60
    assert found[0].over_s is not None
    assert found[0].over_s > found[0].after_s
    assert received.open == {}, "what was triggered was resolved by the same key"
    told = {"slack": received.slack, "pagerduty": received.pagerduty}
    assert {way for way, notices in told.items() if notices} == {rule.tell}
    assert len(told[rule.tell]) == 2


def test_a_quiet_day_with_one_error_at_night_wakes_nobody(received: Received, delivery: Delivery) -> None:
    assert rang(QUIET_DAY, delivery) == ()
    assert (received.slack, received.pagerduty) == ([], [])


def test_every_rule_has_an_incident_that_rings_it() -> None:
    assert {rule for incident in INCIDENTS for rule in incident.rings} | {"slow_embedded"} == set(BY_NAME)


def test_a_log_over_which_nothing_rings_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    log = tmp_path / "quiet.log"
    log.write_text('{"time": "2026-11-30T05:00:00+00:00", "message": "started", "severity": "INFO"}\n', encoding="utf-8")
    monkeypatch.setattr("sys.argv", ["rehearse", "--log", str(log)])
    assert main() == 0
    assert capsys.readouterr().out == "No alert rings over this log.\n"
