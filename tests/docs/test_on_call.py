"""The on-call pages have the tables that the alerts make, in both languages, and fit on one page beside them."""

import re

import pytest

from infra.alerting.rules import table
from infra.tables.alerts import FAST, LANGUAGES, SLOW, tables
from infra.tables.pages import BEGIN, PAGES, made_part

SLO = (PAGES.parent / "infra/terraform/modules/monitoring/slo.tf").read_text(encoding="utf-8")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_has_the_tables_of_its_language(language: str) -> None:
    page = PAGES / LANGUAGES[language]
    assert made_part(page) == tables(language), "python infra/tables/alerts.py --write"
    assert len(page.read_text(encoding="utf-8").split(BEGIN)[0].splitlines()) < 25


def test_every_alert_stands_in_it_once() -> None:
    alerts = {**table()["rules"], **table()["platform"]}
    for language in LANGUAGES:
        assert all(tables(language).count(f"| {alert[language]} |") == 1 for alert in alerts.values())


def test_the_speeds_of_burning_are_terraforms() -> None:
    assert [float(times) for times in re.findall(r"times = ([\d.]+)", SLO)] == [FAST, SLOW]
