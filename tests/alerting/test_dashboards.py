"""The two dashboards are made of one description, and Grafana's is one that Grafana reads."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from infra.alerting.rules import table
from infra.tables.grafana import FILE, ROUTER, TILES, dashboard, made

BOARD = json.loads(TILES.read_text(encoding="utf-8"))
MADE = dashboard(BOARD)
SIGNS = ("=", "=~")


def queries() -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    for panel in MADE["panels"]:
        (target,) = panel["targets"]
        yield panel, target["timeSeriesList"]


def test_the_file_is_made_of_the_description() -> None:
    assert FILE.read_text(encoding="utf-8") == made(), "python infra/tables/grafana.py --write"


@pytest.mark.parametrize("tile", BOARD["tiles"], ids=lambda tile: tile["en"])
def test_a_tile_says_what_it_shows_in_both_languages_and_names_alerts_that_there_are(tile: dict[str, Any]) -> None:
    assert tile["en"]
    assert any("가" <= letter <= "힣" for letter in tile["ko"])
    written = table()
    assert tile.get("alert") in {None, *written["rules"], *written["platform"]}


def test_panels_stand_side_by_side_and_none_on_another() -> None:
    places = [panel["gridPos"] for panel in MADE["panels"]]
    assert len({(one["x"], one["y"]) for one in places}) == len(places) == len({panel["id"] for panel in MADE["panels"]})
    assert all(one["x"] + one["w"] <= 24 for one in places)


def test_filters_are_conditions_with_and_between_them() -> None:
    for panel, query in queries():
        parts = query["filters"]
        assert len(parts) % 4 == 3, panel["title"]
        assert all(one == "AND" for one in parts[3::4])
        assert all(one in SIGNS for one in parts[1::4])
        assert parts[0::4][:2] == ["resource.type", "metric.type"]
        assert not any(mark in part for part in parts for mark in ("{", "~.")), "placeholders became variables"


def test_variables_that_are_used_are_there() -> None:
    there = {one["name"] for one in MADE["templating"]["list"]}
    assert there == {"datasource", "project", "router"}
    assert {one["name"]: one["query"] for one in MADE["templating"]["list"]}["router"] == ROUTER
    assert {query["projectName"] for _, query in queries()} == {"$project"}
    assert any("$router" in query["filters"] for _, query in queries())


def test_the_line_of_an_alert_and_its_page_are_on_its_panel() -> None:
    panel = next(one for one in MADE["panels"] if one["title"].startswith("P95 of the answers (ms)"))
    assert panel["fieldConfig"]["defaults"]["thresholds"]["steps"][-1]["value"] == table()["promises"]["latency"]["ms"]
    assert panel["description"].endswith("docs/runbooks/latency.md")
    plain = MADE["panels"][0]["fieldConfig"]["defaults"]
    assert len(plain["thresholds"]["steps"]) == 1
