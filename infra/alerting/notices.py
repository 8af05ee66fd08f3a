"""Notices as Slack and PagerDuty take them, and their delivery."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

import httpx2

from infra.alerting.evaluator import ALL, Notice

MARKS: Final = {"CRITICAL": ":red_circle:", "ERROR": ":large_orange_circle:", "WARNING": ":large_yellow_circle:"}
TIMEOUT_S: Final = 10.0


def slack(notice: Notice) -> Mapping[str, Any]:
    """The body for an incoming webhook: https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks"""
    over = notice.action == "resolve"
    mark = ":white_check_mark:" if over else MARKS[notice.rule.severity]
    title = f"{mark} {_title(notice)}{' (over)' if over else ''}"
    said = f"{notice.rule.titles['ko']}\n{_figure(notice)} · {notice.rule.runbook_path}"
    section: Mapping[str, Any] = {"type": "section", "text": {"type": "mrkdwn", "text": f"*{title}*\n{said}"}}
    return {"text": title, "blocks": [section]}


def pagerduty(notice: Notice, routing_key: str) -> Mapping[str, Any]:
    """The body for the Events API v2: https://developer.pagerduty.com/docs/send-alert-event"""
    body: dict[str, Any] = {"routing_key": routing_key, "event_action": notice.action, "dedup_key": f"ion:{notice.key}"}
    if notice.action == "resolve":
        return body
    return body | {
        "payload": {
            "summary": _title(notice),
            "source": "ion-mentoring",
            "severity": notice.rule.severity.lower(),
            "timestamp": datetime.fromtimestamp(notice.at, UTC).isoformat(),
            "component": notice.group,
            "class": notice.rule.name,
            "custom_details": {
                "figure": round(notice.figure, 4),
                "ko": notice.rule.titles["ko"],
                "runbook": notice.rule.runbook_path,
            },
        },
    }


class Delivery:
    """Sends notices where their rules say: to Slack's webhook, or to PagerDuty with its key."""

    def __init__(self, slack_url: str, pagerduty_url: str, routing_key: str) -> None:
        self._slack_url = slack_url
        self._pagerduty_url = pagerduty_url
        self._routing_key = routing_key
        self._client = httpx2.Client(timeout=TIMEOUT_S, trust_env=False)

    def send(self, notice: Notice) -> None:
        """Sends one; httpx2.HTTPError where it is not taken."""
        if notice.rule.tell == "slack":
            response = self._client.post(self._slack_url, json=dict(slack(notice)))
        else:
            response = self._client.post(self._pagerduty_url, json=dict(pagerduty(notice, self._routing_key)))
        response.raise_for_status()

    def close(self) -> None:
        """Closes its connections."""
        self._client.close()


def _title(notice: Notice) -> str:
    return notice.rule.titles["en"] if notice.group == ALL else f"{notice.rule.titles['en']}: {notice.group}"


def _figure(notice: Notice) -> str:
    rule = notice.rule
    if rule.kind in ("share", "ratio"):
        return f"{notice.figure:.1%}"
    return f"{notice.figure:,.0f} ms" if rule.kind == "percentile" else f"{notice.figure:,.0f}"
