"""Alerts: of which metric, from when on, and that somebody hears of them."""

import json
import re
import tomllib
from collections.abc import Iterator
from typing import Any

import pytest

from tests.terraform.conftest import REPOSITORY
from tests.terraform.made import Made, Resource
from tests.terraform.wanted import read

TABLE = read("alerts")
ALERTS = json.loads((REPOSITORY / "infra/terraform/alerts.json").read_text(encoding="utf-8"))
POLICY = "monitoring.google_monitoring_alert_policy"
COMPARISONS = {"above": "COMPARISON_GT", "below": "COMPARISON_LT"}


def clauses(text: str) -> dict[str, Any]:
    """A filter taken apart: what has to be equal to what; one of several names is a list, a pattern begins with `regex:`."""
    found: dict[str, Any] = {}
    for alternatives in re.findall(r"\(([^()]*=[^()]* OR [^()]*)\)", text):
        pairs = re.findall(r'([\w.]+)="([^"]*)"', alternatives)
        numbers = [(name, int(value)) for name, value in re.findall(r"([\w.]+)=(\d+)", alternatives)]
        found[(pairs or numbers)[0][0]] = sorted(value for _, value in pairs or numbers)
        text = text.replace(f"({alternatives})", "")
    patterns = re.findall(r'([\w.]+)=monitoring\.regex\.full_match\("([^"]*)"\)', text)
    found |= {name: f"regex:{value}" for name, value in patterns}
    return found | dict(re.findall(r'([\w.]+)="([^"]*)"', text)) | dict(re.findall(r"([\w.]+)=(\d+)", text))


def policy(made: Made, name: str) -> Resource:
    kind, each = re.fullmatch(r"(\w+)(?:\[([^\]]+)\])?", name).groups()  # type: ignore[union-attr]
    return made.one(f"{POLICY}.{kind}", **({"each": each} if each else {}))


def conditions(made: Made) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every condition that reads a metric, with its alert."""
    for one in made.resources:
        for condition in one.values.get("conditions", []) if one.key.startswith(POLICY) else []:
            for inner in (*condition["condition_threshold"], *condition["condition_absent"]):
                if "select_slo" not in inner["filter"]:
                    yield one.address, inner


@pytest.mark.parametrize("name", TABLE["alert"])
def test_an_alert_is_about_what_it_says(made: Made, name: str) -> None:
    told = TABLE["alert"][name]
    condition, *_ = policy(made, f"metric[{name}]").values["conditions"]
    (one,) = condition["condition_threshold"]
    resource = TABLE["metrics"][told["metric"]][0]
    wanted = {"metric.type": told["metric"], "resource.type": resource, **told["labels"]}
    assert clauses(one["filter"]) == wanted, told["why"]
    comparison, threshold, seconds = told["when"]
    assert one["comparison"] == COMPARISONS[comparison], told["why"]
    assert (one["threshold_value"], one["duration"]) == (threshold, f"{seconds}s"), told["why"]
    (reading,) = one["aggregations"]
    aligner, reducer, period = told["read"]
    assert (reading["per_series_aligner"], reading["cross_series_reducer"]) == (aligner, reducer), told["why"]
    assert reading["alignment_period"] == f"{period}s", told["why"]


@pytest.mark.parametrize("name", ["errors", "refused"])
def test_a_share_of_requests_is_one_of_all_requests(made: Made, name: str) -> None:
    condition, _ = policy(made, f"metric[{name}]").values["conditions"]
    (one,) = condition["condition_threshold"]
    all_answers = {name: value for name, value in clauses(one["filter"]).items() if "response_code" not in name}
    assert clauses(one["denominator_filter"]) == all_answers, "a share of something else is no share"
    assert one["denominator_aggregations"] == one["aggregations"], "both are counted in the same way"


@pytest.mark.parametrize("name", ["degraded", "danger_many"])
def test_a_share_of_answers_is_one_of_all_answers(made: Made, name: str) -> None:
    condition, _ = policy(made, f"metric[{name}]").values["conditions"]
    (one,) = condition["condition_threshold"]
    answers = {**clauses(one["filter"]), "metric.type": "logging.googleapis.com/user/ion/answers"}
    assert clauses(one["denominator_filter"]) == answers, "a share of something else is no share"
    assert one["denominator_aggregations"] == one["aggregations"], "both are counted in the same way"


def test_no_other_alert_is_a_share(made: Made) -> None:
    shares = ("errors", "refused", "degraded", "danger_many")
    others = [policy(made, f"metric[{name}]") for name in TABLE["alert"] if name not in shares]
    assert not [other for other in others if other.values["conditions"][0]["condition_threshold"][0]["denominator_filter"]]


@pytest.mark.parametrize("name", TABLE["least"])
def test_one_alone_in_a_quiet_hour_wakes_nobody(made: Made, name: str) -> None:
    figure, least = (one["condition_threshold"][0] for one in policy(made, f"metric[{name}]").values["conditions"])
    counted = clauses(least["filter"])
    if name.startswith("slow_"):
        assert counted.pop("metric.type") == "logging.googleapis.com/user/ion/answers", "answers are counted, and not times"
        assert counted == {key: value for key, value in clauses(figure["filter"]).items() if key != "metric.type"}
    else:
        assert counted == clauses(figure["filter"]), "what is wrong is counted, and not all answers"
    wanted = ("COMPARISON_GT", TABLE["least"][name] - 1, "0s")
    assert (least["comparison"], least["threshold_value"], least["duration"]) == wanted, f"{TABLE['least'][name]} or more"
    (reading,) = least["aggregations"]
    told = (reading["alignment_period"], reading["per_series_aligner"], reading["cross_series_reducer"])
    assert told == ("300s", "ALIGN_DELTA", "REDUCE_SUM"), "a number within five minutes, and no rate"


@pytest.mark.parametrize("name", TABLE["silent"])
def test_silence_is_told_while_others_go_on(made: Made, name: str) -> None:
    metric, labels, seconds, least = TABLE["silent"][name]
    missed, others = policy(made, f"silent[{name}]").values["conditions"]
    (absent,), (enough,) = missed["condition_absent"], others["condition_threshold"]
    ours = {"resource.type": "cloud_run_revision"}
    assert clauses(absent["filter"]) == {**ours, **labels, "metric.type": f"logging.googleapis.com/user/ion/{metric}"}
    assert absent["duration"] == f"{seconds}s"
    assert clauses(enough["filter"]) == {**ours, "metric.type": "logging.googleapis.com/user/ion/answers"}, "all answers"
    assert (enough["comparison"], enough["threshold_value"], enough["duration"]) == ("COMPARISON_GT", least - 1, "0s")
    periods = [one["aggregations"][0]["alignment_period"] for one in (absent, enough)]
    assert periods == ["300s", f"{seconds}s"], "so many within the time in which nothing came"
    for one in (absent, enough):
        (reading,) = one["aggregations"]
        assert (reading["per_series_aligner"], reading["cross_series_reducer"]) == ("ALIGN_DELTA", "REDUCE_SUM")


def test_a_full_cache_is_no_fault_and_one_that_forgets_is(made: Made) -> None:
    evicts, answers = (one["condition_threshold"][0] for one in policy(made, "forgets").values["conditions"])
    assert clauses(evicts["filter"])["metric.type"] == "memorystore.googleapis.com/instance/stats/total_evicted_keys_count"
    assert clauses(answers["filter"])["metric.type"] == "logging.googleapis.com/user/ion/cache_hit_rate"
    when = [(one["comparison"], one["threshold_value"], one["duration"]) for one in (evicts, answers)]
    assert when == [("COMPARISON_GT", 1, "900s"), ("COMPARISON_LT", 0.75, "900s")]
    read_as = [
        (one["per_series_aligner"], one["cross_series_reducer"]) for both in (evicts, answers) for one in both["aggregations"]
    ]
    assert read_as == [("ALIGN_RATE", "REDUCE_SUM"), ("ALIGN_DELTA", "REDUCE_MEAN")]
    assert {one["alignment_period"] for both in (evicts, answers) for one in both["aggregations"]} == {"300s"}


@pytest.mark.parametrize("name", ["forgets", "rights", "backup_missed[0]"])
def test_the_platforms_alerts_are_told_as_the_table_says(made: Made, name: str) -> None:
    told = ALERTS["platform"][name.partition("[")[0]]
    one = policy(made, name).values
    assert (one["display_name"], one["severity"]) == (told["en"], told["severity"])
    assert one["documentation"][0]["content"] == f"docs/runbooks/{told['runbook']}.md"


def test_what_is_called_slow_is_above_what_a_model_takes(made: Made) -> None:
    """Else the promise is broken by every answer that no cache has, and somebody is woken for nothing."""
    use = tomllib.loads((REPOSITORY / "infra/tables/prices.toml").read_text(encoding="utf-8"))["use"]
    asks_a_model = use["follow_ups"] + (1 - use["follow_ups"]) * (1 - use["hit_rate"])
    assert asks_a_model > 0.05, "at P95 it is a model that answers"
    (alert,) = policy(made, "metric[latency]").values["conditions"][0]["condition_threshold"]
    promise = made.one("monitoring.google_monitoring_slo.latency").values["request_based_sli"][0]["distribution_cut"][0]
    assert alert["threshold_value"] == promise["range"][0]["max"] >= 1.5 * 1000 * use["model_s"]


def test_a_region_that_does_not_answer_is_told(made: Made) -> None:
    for one in made.of(f"{POLICY}.uptime"):
        region = one.indices["each"]
        check = made.one("monitoring.google_monitoring_uptime_check_config.region", each=region).values
        (condition,) = one.values["conditions"]
        (threshold,) = condition["condition_threshold"]
        assert clauses(threshold["filter"]) == {
            "metric.type": "monitoring.googleapis.com/uptime_check/check_passed",
            "resource.type": "uptime_url",
            "metric.labels.check_id": check["uptime_check_id"],
        }, "the check of this region"
        told = (threshold["comparison"], threshold["threshold_value"], threshold["duration"])
        assert told == ("COMPARISON_GT", 1, "120s"), "two places or more, twice: one place's network is no outage"
        (reading,) = threshold["aggregations"]
        assert reading["cross_series_reducer"] == "REDUCE_COUNT_FALSE", "failures are counted, and not passes"
        assert (reading["per_series_aligner"], reading["alignment_period"]) == ("ALIGN_NEXT_OLDER", "60s")
        assert reading["group_by_fields"] == ["resource.labels.host"], "places of one region, and not of all"


def test_a_backup_that_was_not_made_is_told(made: Made) -> None:
    failed, absent = policy(made, "backup_missed[0]").values["conditions"]
    metric = {"metric.type": "workflows.googleapis.com/finished_execution_count", "resource.labels.workflow_id": "ion-backups"}
    metric |= {"resource.type": "workflows.googleapis.com/Workflow"}
    (one,) = failed["condition_threshold"]
    assert clauses(one["filter"]) == {**metric, "metric.labels.status": "FAILED"}
    assert (one["comparison"], one["threshold_value"], one["duration"]) == ("COMPARISON_GT", 0, "0s"), "one failure is enough"
    (nobody,) = absent["condition_absent"]
    assert clauses(nobody["filter"]) == {**metric, "metric.labels.status": "SUCCEEDED"}
    assert nobody["duration"] == "46800s", "two looks of six hours; 23.5 h are the longest that Monitoring takes"
    for reading in (*one["aggregations"], *nobody["aggregations"]):
        told = (reading["alignment_period"], reading["per_series_aligner"], reading["cross_series_reducer"])
        assert told == ("3600s", "ALIGN_DELTA", "REDUCE_SUM")


def test_rights_that_no_release_changed_are_told(made: Made) -> None:
    one = policy(made, "rights").values
    (condition,) = one["conditions"]
    (log,) = condition["condition_matched_log"]
    wanted = (
        'log_id("cloudaudit.googleapis.com/activity") AND '
        'protoPayload.methodName=~"(?i)(setiampolicy|setIamPermissions|ServiceAccountKey)" AND '
        'NOT protoPayload.authenticationInfo.principalEmail="deploy@ion-mentoring-prod.iam.gserviceaccount.com"'
    )
    assert log["filter"] == wanted, "whoever gives himself rights is seen; releases alone are not"
    (strategy,) = one["alert_strategy"]
    assert strategy["notification_rate_limit"] == [{"period": "300s"}], "an alert on a log has to have one: the API wants it"


@pytest.mark.parametrize("name", TABLE["burn"])
def test_a_promise_that_is_used_up_too_fast_is_told(made: Made, name: str) -> None:
    promise, times, windows = TABLE["burn"][name]
    slo = made.one(f"monitoring.google_monitoring_slo.{promise}").values["name"]
    found = [condition["condition_threshold"][0] for condition in policy(made, f"burn[{name}]").values["conditions"]]
    assert [one["filter"] for one in found] == [f'select_slo_burn_rate("{slo}", "{window}s")' for window in windows]
    told = {(one["comparison"], one["threshold_value"], one["duration"]) for one in found}
    assert told == {("COMPARISON_GT", times, "0s")}, "2 % of four weeks within an hour, 5 % within six"


@pytest.mark.parametrize("name", TABLE["policy"])
def test_an_alert_tells_somebody_and_what_to_do(made: Made, name: str) -> None:
    severity, tell, combiner, page = TABLE["policy"][name]
    one = policy(made, name).values
    assert one["severity"] == severity, "what pages at night is critical, and nothing else is"
    assert one["combiner"] == combiner, "several conditions: any of them, but both windows of a promise"
    assert one["documentation"][0]["content"] == f"docs/runbooks/{page}.md", "the page about this, and no other"
    assert one["project"] == "ion-mentoring-prod"
    assert one.get("enabled") in (None, True), "an alert that is switched off tells nobody"
    assert set(one["notification_channels"]) == channels(made, tell), f"{name} tells nobody, or somebody else"


def channels(made: Made, way: str) -> set[str]:
    """The channels of a way in prod, which has a pager and no Slack; e-mail always."""
    emails = {one.values["id"] for one in made.of("monitoring.google_monitoring_notification_channel.email")}
    assert emails
    return emails | ({"projects/ion-mentoring-prod/notificationChannels/1"} if way == "pagerduty" else set())


def test_every_alert_is_in_the_table(made: Made) -> None:
    found = {one.key.removeprefix(f"{POLICY}.") + f"[{one.indices.get('each')}]" for one in made.resources if POLICY in one.key}
    assert {name.removesuffix("[None]") for name in found} == set(TABLE["policy"])
    strategies = [one.values["alert_strategy"] for name in TABLE["alert"] for one in [policy(made, f"metric[{name}]")]]
    assert {one[0]["auto_close"] for one in strategies} == {"86400s"}, "an incident without data ends within a day"


def test_a_tile_shows_what_its_description_says(made: Made) -> None:
    (dashboard,) = made.of("monitoring.google_monitoring_dashboard.this")
    tiles = json.loads(dashboard.values["dashboard_json"])["mosaicLayout"]["tiles"]
    described = json.loads((REPOSITORY / "infra/terraform/dashboard.json").read_text(encoding="utf-8"))["tiles"]
    for tile, wanted in zip(tiles, described, strict=True):
        chart = tile["widget"]["xyChart"]
        query = chart["dataSets"][0]["timeSeriesQuery"]["timeSeriesFilter"]
        where = {
            name: value.replace("{router}", "ion-router").replace("~", "regex:") for name, value in wanted["where"].items()
        }
        said = {"resource.type": wanted["resource"], "metric.type": wanted["metric"], **where}
        assert (tile["widget"]["title"], clauses(query["filter"])) == (wanted["en"], said)
        limits = [one["value"] for one in chart["thresholds"]]
        assert limits == ([threshold(made, wanted["alert"])] if "alert" in wanted else []), "the line is where the alert rings"


def threshold(made: Made, name: str) -> float:
    condition, *_ = policy(made, f"metric[{name}]").values["conditions"]
    value: float = condition["condition_threshold"][0]["threshold_value"]
    return value


def test_a_metric_is_read_as_its_kind_allows(made: Made) -> None:
    """A metric that is not there is refused by the API, or, worse, an alert on it never fires."""
    read_as = [(where, one["filter"], one["aggregations"][0]["per_series_aligner"]) for where, one in conditions(made)]
    (dashboard,) = made.of("monitoring.google_monitoring_dashboard.this")
    for tile in json.loads(dashboard.values["dashboard_json"])["mosaicLayout"]["tiles"]:
        query = tile["widget"]["xyChart"]["dataSets"][0]["timeSeriesQuery"]["timeSeriesFilter"]
        read_as.append((tile["widget"]["title"], query["filter"], query["aggregation"]["perSeriesAligner"]))
    for where, text, aligner in read_as:
        said = clauses(text)
        assert said["metric.type"] in TABLE["metrics"], f"{where}: there is no metric {said['metric.type']}"
        resource, kind, values = TABLE["metrics"][said["metric.type"]]
        assert said["resource.type"] == resource, f"{where}: {said['metric.type']} is written for {resource}"
        kinds, takes = TABLE["aligners"][aligner]
        assert kind in kinds, f"{where}: {aligner} does not take {kind}"
        assert values in takes, f"{where}: {aligner} does not take {values}"
    assert {clauses(text)["metric.type"] for _, text, _ in read_as} == set(TABLE["metrics"]), (
        "the table has no more than is read"
    )
