"""The table of alerts, its runbooks, and the numbers that others promise."""

import tomllib
from pathlib import Path

import pytest

from infra.alerting.rules import rules, table
from ion_mentoring.telemetry.product import EVENTS

ROOT = Path(__file__).resolve().parents[2]
TABLE = table()
ALERTS = {**TABLE["rules"], **TABLE["platform"]}
FIELDS = {event.__name__: {*event._fields} for event in EVENTS}  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", ALERTS)
def test_an_alert_says_in_both_languages_what_is_wrong_and_has_a_page_that_says_what_to_do(name: str) -> None:
    alert = ALERTS[name]
    assert alert["en"]
    assert alert["ko"]
    assert (alert["tell"], alert["severity"]) in {
        ("pagerduty", "CRITICAL"),
        ("slack", "ERROR"),
        ("slack", "WARNING"),
    }, "what wakes somebody is critical, and nothing else is"
    assert (ROOT / f"docs/runbooks/{alert['runbook']}.md").exists()


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.name)
def test_a_rule_reads_fields_that_its_event_has(rule) -> None:  # type: ignore[no-untyped-def]
    read = {*rule.of.where, *filter(None, (rule.of.value, rule.of.rest))}
    assert read <= FIELDS[rule.of.event]
    assert {*rule.among} <= FIELDS.keys()


def test_promises_are_those_of_the_load_gate_and_of_the_cost_model() -> None:
    promises = TABLE["promises"]
    gate = tomllib.loads((ROOT / "loadtests/scenarios.toml").read_text(encoding="utf-8"))["promises"]
    assert gate["p95_ms"] == promises["p95_ms"]["cached"] == promises["p95_ms"]["embedded"]
    assert gate["errors"] == promises["errors"]
    model_s = tomllib.loads((ROOT / "infra/tables/prices.toml").read_text(encoding="utf-8"))["use"]["model_s"]
    assert promises["p95_ms"]["model"] >= 1.5 * 1_000 * model_s, "else it rings always"
    assert promises["latency"]["ms"] == promises["p95_ms"]["model"], "the slowest path is the promise for all answers"
