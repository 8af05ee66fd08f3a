"""Grafana's dashboard, made of the tiles of infra/terraform/dashboard.json, which Cloud Monitoring's is made of, too.

`python infra/tables/grafana.py --write` makes infra/grafana/ion-mentoring.json anew. It is in the classic form, which every
Grafana since 10 imports; its variables name the data source, the project and the load balancer's backend.
Source: the model `CloudMonitoringQuery` of https://github.com/grafana/grafana-foundation-sdk
"""

import argparse
import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

if __name__ == "__main__":  # a program's own folder comes first by default, and there is no `infra` in it
    sys.path[0] = str(Path(__file__).resolve().parents[2])

from infra.alerting.rules import table, threshold

ROOT: Final = Path(__file__).resolve().parents[2]
TILES: Final = ROOT / "infra/terraform/dashboard.json"
FILE: Final = ROOT / "infra/grafana/ion-mentoring.json"
SOURCE: Final = {"type": "stackdriver", "uid": "${datasource}"}  # Grafana's old name of Cloud Monitoring
ROUTER: Final = "ion-router"
WIDTH, HEIGHT, COLUMNS = 12, 8, 2
SCHEMA: Final = 39  # Grafana 11; older and newer ones migrate it when they load it


def made() -> str:
    """The dashboard's text."""
    return json.dumps(dashboard(json.loads(TILES.read_text(encoding="utf-8"))), ensure_ascii=False, indent=2) + "\n"


def dashboard(board: Mapping[str, Any]) -> dict[str, Any]:
    """The dashboard of a board."""
    return {
        "uid": "ion-mentoring",
        "title": board["title"],
        "tags": ["ion"],
        "timezone": "utc",
        "editable": True,
        "graphTooltip": 1,
        "refresh": "1m",
        "schemaVersion": SCHEMA,
        "time": {"from": "now-3h", "to": "now"},
        "templating": {"list": [*_variables()]},
        "annotations": {"list": []},
        "panels": [_panel(place, tile) for place, tile in enumerate(board["tiles"])],
    }


def _variables() -> Iterator[dict[str, Any]]:
    yield {"type": "datasource", "name": "datasource", "label": "Google Cloud Monitoring", "query": "stackdriver"}
    yield {"type": "textbox", "name": "project", "label": "project", "query": ""}
    yield {"type": "textbox", "name": "router", "label": "router", "query": ROUTER}


def _panel(place: int, tile: Mapping[str, Any]) -> dict[str, Any]:
    alert = _alert(tile)
    limit = None if alert is None else _limit(alert)
    page = f" · docs/runbooks/{alert['runbook']}.md" if alert else ""
    return {
        "id": place + 1,
        "type": "timeseries",
        "title": tile["en"],
        "description": f"{tile['ko']}{page}",
        "datasource": SOURCE,
        "gridPos": {"h": HEIGHT, "w": WIDTH, "x": WIDTH * (place % COLUMNS), "y": HEIGHT * (place // COLUMNS)},
        "fieldConfig": {"defaults": _defaults(tile["unit"], limit), "overrides": []},
        "options": {"legend": {"displayMode": "list", "placement": "bottom", "showLegend": True, "calcs": []}},
        "targets": [_target(tile)],
    }


def _target(tile: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "refId": "A",
        "datasource": SOURCE,
        "queryType": "timeSeriesList",
        "aliasBy": " ".join(f"{{{{{label}}}}}" for label in tile["by"]) or tile["en"],
        "timeSeriesList": {
            "projectName": "$project",
            "filters": _filters(tile),
            "perSeriesAligner": tile["aligner"],
            "crossSeriesReducer": tile["reducer"],
            "groupBys": tile["by"],
            "alignmentPeriod": "+60s",
            "view": "FULL",
        },
    }


def _filters(tile: Mapping[str, Any]) -> list[str]:
    """Conditions as Grafana writes them: name, sign, value, and AND between two of them."""
    conditions = [("resource.type", "=", tile["resource"]), ("metric.type", "=", tile["metric"])]
    for label, value in tile["where"].items():
        named = value.removeprefix("~").replace("{router}", "$router")
        conditions.append((label, "=~" if value.startswith("~") else "=", named))
    return [part for condition in conditions for part in (*condition, "AND")][:-1]


def _defaults(unit: str, limit: float | None) -> dict[str, Any]:
    steps: list[dict[str, Any]] = [{"value": None, "color": "green"}]
    custom: dict[str, Any] = {"drawStyle": "line", "fillOpacity": 8, "showPoints": "never"}
    if limit is not None:
        steps.append({"value": limit, "color": "red"})
        custom["thresholdsStyle"] = {"mode": "line"}
    return {"unit": unit, "min": 0, "custom": custom, "thresholds": {"mode": "absolute", "steps": steps}}


def _alert(tile: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The alert of a tile, whether of ours or of the platform's."""
    written = table()
    alert: Mapping[str, Any] | None = {**written["rules"], **written["platform"]}.get(tile.get("alert"))
    return alert


def _limit(alert: Mapping[str, Any]) -> float | None:
    return threshold(alert.get("above", alert.get("below")), table()["promises"])


def main() -> int:
    """0, or 1 where the file is not what it should be."""
    parser = argparse.ArgumentParser(prog="infra/tables/grafana.py")
    parser.add_argument("--write", action="store_true", help="make it anew")
    if parser.parse_args().write:
        FILE.write_text(made(), encoding="utf-8")
    return 0 if FILE.read_text(encoding="utf-8") == made() else 1


if __name__ == "__main__":
    raise SystemExit(main())
