"""What an instance says of itself is what the rules of the whole set say of the same events."""

from typing import Any

import pytest

from infra.alerting.incidents import Incident
from infra.alerting.library import INCIDENTS, QUIET_DAY
from infra.tables.instance_alerts import FILE, shipped
from ion_mentoring.mentoring.operating.alerts import Alerts, rules
from ion_mentoring.mentoring.operating.traffic import traffic
from ion_mentoring.telemetry.product import EVENTS, PersonaProcessEvent
from ion_mentoring.telemetry.recent import Recent
from tests.fakes import Clock

ANSWERED = PersonaProcessEvent("lua", "calm-short-learning", 0.8, 1.5, False, True, None, None, "m", (), "k", 3, 5, 70, "model")
KINDS: dict[str, Any] = {kind.__name__: kind for kind in EVENTS}
PERSONAS = ("lua", "elro", "riri", "nana")
ELSEWHERE = {"region_silent", "dead_letters", "danger_none"}  # an instance has one region, hears of no topic, and keeps an hour


def told(event: dict[str, Any]) -> Any:
    """An event of an incident, with whatever it leaves out."""
    kind = KINDS[event["message"]]
    given = {name: event.get(name, 0) for name in kind._fields}
    return kind(**{**given, "degraded": tuple(event["degraded"])} if "degraded" in given else given)


def instance(incident: Incident, *, until_s: float) -> tuple[Recent, Alerts]:
    """An instance that lived through an incident until then."""
    clock = Clock(incident.begins - incident.warm_s)
    recent = Recent(clock)
    for at, event in incident.log():
        if at >= incident.begins + until_s:
            break
        clock.now = at
        recent(told(dict(event)))
    clock.now = incident.begins + until_s
    return recent, Alerts(recent, PERSONAS)


def test_the_file_that_is_shipped_is_made_of_the_table_of_alerts() -> None:
    assert FILE.read_text(encoding="utf-8") == shipped()


@pytest.mark.parametrize("incident", INCIDENTS, ids=lambda incident: incident.name)
def test_an_incident_rings_in_an_instance_as_it_does_outside(incident: Incident) -> None:
    _, alerts = instance(incident, until_s=min(incident.lasts_s, 30 * 60) if incident.more else incident.lasts_s)
    ringing = {one["name"].partition(":")[0] for one in alerts.ringing()}
    assert ringing == {*incident.rings} - ELSEWHERE


def test_before_and_after_an_incident_nothing_rings() -> None:
    model_dies = INCIDENTS[0]
    assert instance(model_dies, until_s=0)[1].ringing() == []
    assert instance(model_dies, until_s=model_dies.lasts_s + 600)[1].ringing() == []
    assert instance(QUIET_DAY, until_s=60)[1].ringing() == []


def test_an_alert_says_its_figure_its_limit_and_its_page_in_both_languages() -> None:
    _, alerts = instance(INCIDENTS[0], until_s=600)
    (ringing,) = alerts.ringing()
    assert ringing["figure"] > ringing["limit"] == 0.05
    assert (ringing["runbook"], set(ringing["title"])) == ("degraded", {"ko", "en"})


def test_who_answers_nobody_is_named() -> None:
    silent = next(one for one in INCIDENTS if one.rings == ("persona_silent",))
    assert [one["name"] for one in instance(silent, until_s=silent.lasts_s)[1].ringing()] == ["persona_silent:riri"]


def test_traffic_is_what_was_answered_within_five_minutes() -> None:
    recent, _ = instance(INCIDENTS[0], until_s=600)
    found = traffic(recent)
    assert 400 < found["answers"] < 800, "two a second"
    assert found["answers"] == sum(one["answers"] for one in found["by_path"].values())
    assert found["answers"] == sum(one["answers"] for one in found["by_persona"].values())
    assert found["by_path"]["model"] == {"answers": 0, "p50_ms": None, "p95_ms": None}, "the model is dead"
    assert found["by_path"]["embedded"]["answers"] == sum(one["answers"] for one in found["by_model"].values())
    assert 0.15 < found["degraded"] / found["answers"] < 0.35
    assert found["replaced"] == {"model": found["degraded"]}
    assert len(found["by_slot"]) == 30
    assert abs(sum(found["by_slot"]) - found["answers"]) < 40, "the slot that has just begun"


def test_what_was_replaced_in_the_last_minute_is_told_apart_from_what_is_over() -> None:
    clock = Clock(0.0)
    recent = Recent(clock)
    for at, degraded in ((0, ("model",)), (100, ("model",)), (280, ("cache",)), (290, ())):
        clock.now = float(at)
        recent(ANSWERED._replace(degraded=degraded))
    found = traffic(recent)
    assert found["replaced"] == {"cache": 1, "model": 2}
    assert found["replaced_lately"] == {"cache": 1}


def test_who_was_refused_is_counted_by_the_reason() -> None:
    limited = next(one for one in INCIDENTS if one.rings == ("refused",))
    found = traffic(instance(limited, until_s=600)[0])
    assert list(found["refused"]) == ["RATE_LIMITED"]
    assert 0.3 < found["refused"]["RATE_LIMITED"] / (found["answers"] + found["refused"]["RATE_LIMITED"]) < 0.5
    assert found["errors"] == 0, "that is no error of ours"


def test_the_rules_are_those_that_an_instance_can_see() -> None:
    assert {rule.name for rule in rules()}.isdisjoint(ELSEWHERE)
