"""The runbooks' queries look for lines and fields that are written, and the reasons that they explain are the code's."""

import re
from pathlib import Path

import pytest

from infra.alerting.rules import table
from ion_mentoring import errors
from ion_mentoring.telemetry.product import EVENTS

ROOT = Path(__file__).resolve().parents[2]
PAGES = {page.stem: page.read_text(encoding="utf-8") for page in sorted((ROOT / "docs/runbooks").glob("*.md"))}
SOURCE = "\n".join(file.read_text(encoding="utf-8") for file in sorted((ROOT / "shared/ion_mentoring").rglob("*.py")))
FIELDS = {event.__name__: {*event._fields} for event in EVENTS}  # type: ignore[attr-defined]
EVERYWHERE = {"message", "function", "request_id", "trace_id"}
QUERIES = [
    (name, line.strip())
    for name, page in PAGES.items()
    for line in page.splitlines()
    if line.strip().startswith("gcloud logging read") and "jsonPayload" in line
]
ALERTS = [alert for part in ("rules", "platform") for alert in table()[part].values()]
ON_CALL = {alert["runbook"]: {one["tell"] for one in ALERTS if one["runbook"] == alert["runbook"]} for alert in ALERTS}
REASONS = {  # by page, as it quotes them
    "refused": ("over the limit", "tokens of the day", "refused credentials", "unknown API key", "is not configured"),
    "attack": ("unknown API key", "token refused: ", "nbf or iat", "exp", "this kind of credential is not configured"),
    "degraded": (
        *("left alone", "took too long", "too late", "not reached", "broke off", "malformed", "is loading"),
        *("ended without text", "ended without a good reason"),
    ),
    "cache": ("l2_failed", "l2_not_found", "L2: ", "Memorystore's API: "),
}


def messages(query: str) -> set[str]:
    """The events that a query looks for."""
    return set(re.findall(r'jsonPayload\.message="(\w+)"', query))


@pytest.mark.parametrize("page", ON_CALL)
def test_a_page_of_an_alert_begins_with_what_it_means_and_whom_to_wake(page: str) -> None:
    _, means, wake, *_ = PAGES[page].split("\n\n")
    assert means.startswith("**It means:** ")
    assert wake.startswith("**Whom to wake:** ")
    woken = "pagerduty" in ON_CALL[page]
    assert ("woken" in wake) == woken or page == "refused", "who is paged reads that it is right to be up, and nobody else does"
    assert woken or wake.startswith("**Whom to wake:** Nobody")


@pytest.mark.parametrize(("page", "query"), QUERIES)
def test_a_query_looks_for_what_is_written(page: str, query: str) -> None:
    for message in messages(query):
        assert message in FIELDS or f'"{message}"' in SOURCE, f"{page}: nobody writes {message}"
    read = set(re.findall(r"jsonPayload\.(\w+)", query)) - EVERYWHERE
    if (found := messages(query)) and found <= FIELDS.keys():
        assert read <= set.union(*(FIELDS[message] for message in found)), page


@pytest.mark.parametrize(("page", "query"), [one for one in QUERIES if messages(one[1]) & {"persona_failed", "model_replaced"}])
def test_why_something_failed_does_not_drown_in_that_it_was_left_alone(page: str, query: str) -> None:
    """While a breaker is open, nearly every line says that alone: in a trial the fifty newest ones did."""
    assert 'NOT jsonPayload.reason:"left alone"' in query or "model_hedged" in query, page


@pytest.mark.parametrize("room", ["mentoring/answering", "models", "caching"])
def test_each_message_that_tells_why_an_answer_went_without_something_stands_in_degraded(room: str) -> None:
    """In a trial the loudest lines of the log were on no page."""
    source = "\n".join(
        file.read_text(encoding="utf-8") for file in sorted((ROOT / "shared/ion_mentoring" / room).rglob("*.py"))
    )
    told = set(re.findall(r'log\.(?:warning|error)\(\s*"(\w+)"', source))
    assert {message for message in told if f"`{message}`" not in PAGES["degraded"] and message not in counted()} == set()


def counted() -> set[str]:
    """The messages that the page of what was replaced counts by time, with their reasons."""
    (query,) = (query for page, query in QUERIES if page == "degraded" and "uniq -c" in query)
    assert all(f"jsonPayload.{field}" in query for field in ("message", "function", "reason"))
    return messages(query)


def test_what_failed_is_counted_by_time_for_every_part() -> None:
    unread, unwritten = {"memory_unread", "l2_failed"}, {"memory_unwritten", "ledger_unwritten"}
    assert counted() == {"model_replaced", "persona_failed"} | unread | unwritten
    assert "What began last and stays is the cause" in PAGES["degraded"]


def test_slow_answers_of_the_playbook_lead_to_the_model_that_they_waited_for() -> None:
    (sentence,) = (line for line in PAGES["latency"].splitlines() if "`slow_embedded`" in line)
    assert "slow_embedded" in table()["rules"]
    assert "(degraded.md)" in sentence


@pytest.mark.parametrize(("page", "reason"), [(page, reason) for page, reasons in REASONS.items() for reason in reasons])
def test_a_reason_that_a_page_explains_is_one_that_the_code_gives(page: str, reason: str) -> None:
    assert reason in PAGES[page]
    assert reason in SOURCE


@pytest.mark.parametrize("page", ["refused", "error-rate"])
def test_a_code_that_a_page_explains_is_one_of_ours(page: str) -> None:
    known = {kind.code for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, errors.MentoringError)}
    settings = (ROOT / "docs/settings.md").read_text(encoding="utf-8")
    rows = [row for row in PAGES[page].splitlines() if row.startswith("|")]
    named = {word for row in rows for word in re.findall(r"\b[A-Z]+(?:_[A-Z]+)+\b", row) if word not in settings}
    assert named
    assert named <= known
