"""The rules as Sentry's detectors (when is something wrong) and workflows (who is told): bodies for its API.

Source: https://docs.sentry.io/api/monitors/ and the examples in sentry/apidocs of its repository. Only rules of one count are
made: a share or a percentile of our own sums is not expressible there, and Terraform's are the first alarm anyway.
"""

from collections.abc import Mapping
from typing import Any, Final

from infra.alerting.rules import Rule

HIGH: Final = 75  # the priority of an issue that a detector opens
OVER: Final = 0
METRICS: Final = {
    "DangerEvent": "ion.danger",
    "SecurityEvent": "ion.security",
    "DeadLetterEvent": "ion.dead_letter",
}
PREFIX: Final = "ION: "


def expressible(rule: Rule) -> bool:
    """True for a rule that Sentry can watch by our sums alone."""
    return rule.kind == "count" and rule.of.event in METRICS


def detector(rule: Rule, environment: str) -> Mapping[str, Any]:
    """The detector of a rule: beyond its threshold an issue is opened, below it is closed."""
    threshold = rule.above if rule.above is not None else 0.0
    conditions = [
        {"type": "gt", "comparison": threshold, "conditionResult": HIGH},
        {"type": "lte", "comparison": threshold, "conditionResult": OVER},
    ]
    return {
        "name": f"{PREFIX}{rule.titles['en']}",
        "type": "metric_issue",
        "description": f"{rule.titles['ko']} · {rule.runbook_path}",
        "enabled": True,
        "config": {"detectionType": "static"},
        "dataSources": [
            {
                "queryType": 1,
                "dataset": "events_analytics_platform",
                "eventTypes": ["trace_item_metric"],
                "aggregate": f"sum(value,{METRICS[rule.of.event]},counter,none)",
                "query": _query(rule),
                "timeWindow": int(rule.window_s),
                "environment": environment,
            }
        ],
        "conditionGroup": {"logicType": "any", "conditions": conditions, "actions": []},
        "workflowIds": [],
    }


def workflow(rule: Rule, detector_id: str, action: Mapping[str, Any]) -> Mapping[str, Any]:
    """The workflow of a rule: its issues are told by this action when they open, and when they come again."""
    triggers = ["first_seen_event", "reappeared_event", "regression_event", "issue_resolved_trigger"]
    return {
        "name": f"{PREFIX}{rule.titles['en']}",
        "enabled": True,
        "config": {"frequency": 60},
        "detectorIds": [detector_id],
        "triggers": {
            "logicType": "any-short",
            "conditions": [{"type": one, "comparison": True, "conditionResult": True} for one in triggers],
            "actions": [],
        },
        "actionFilters": [{"logicType": "all", "conditions": [], "actions": [action]}],
    }


def action(rule: Rule, channels: Mapping[str, Mapping[str, str]]) -> Mapping[str, Any]:
    """Tells the Slack channel or the PagerDuty service that is set up; without either, the project's members by e-mail."""
    channel = channels.get(rule.tell)
    if channel is None:
        config = {"targetType": "issue_owners", "targetDisplay": None, "targetIdentifier": ""}
        return _action("email", None, config, {"fallthroughType": "ActiveMembers"})
    config = {"targetType": "specific", "targetIdentifier": channel["id"], "targetDisplay": channel["name"]}
    return _action(rule.tell, channel["integration"], config, {"priority": "critical"} if rule.tell == "pagerduty" else {})


def _action(kind: str, integration: str | None, config: Mapping[str, Any], data: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"type": kind, "integrationId": integration, "config": config, "data": data, "status": "active"}


def _query(rule: Rule) -> str:
    """The search that keeps what the rule looks at."""
    terms = [f"{name}:[{','.join(one)}]" if isinstance(one, list) else f"{name}:{one}" for name, one in rule.of.where.items()]
    return " ".join(terms)
