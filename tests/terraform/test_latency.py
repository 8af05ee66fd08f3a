"""A region that became slower with a release, and one that all others became slower with."""

from datetime import UTC, datetime, timedelta

import pytest

from infra.releasing.latency import slower
from infra.releasing.lock import holder
from tests.terraform.world import Google

SINCE = datetime(2026, 11, 28, 10, tzinfo=UTC)
UNTIL = SINCE + timedelta(minutes=10)


@pytest.mark.parametrize(
    ("p95", "wrong"),
    [
        ({"a": [400, 420], "b": [300, 310], "c": [350, 340]}, None),
        (
            {"a": [400, 900], "b": [300, 310], "c": [350, 340]},
            "its P95 went from 400 to 900 ms, and the others' 1.0 times as long",
        ),
        ({"a": [400, 900], "b": [300, 660], "c": [350, 800]}, None),  # a vendor is slow for all
        ({"a": [40, 90], "b": [30, 30]}, None),  # nobody notices
        ({"a": [400, 900]}, "its P95 went from 400 to 900 ms"),  # nobody asked the others
        ({"b": [300, 310]}, None),  # nobody asked it
    ],
)
def test_a_region_is_compared_with_itself_and_with_what_became_of_others(
    p95: dict[str, list[float]], wrong: str | None
) -> None:
    google = Google(lambda *_: None)
    google.p95 = p95
    assert slower(google.cloud(), "ion-router", "a", ["b", "c"], SINCE, UNTIL) == wrong
    intervals = [(one.url.params["interval.startTime"], one.url.params["interval.endTime"]) for one in google.asked]
    assert intervals == [
        ("2026-11-28T09:00:00+00:00", "2026-11-28T10:00:00+00:00"),
        ("2026-11-28T10:00:00+00:00", "2026-11-28T10:10:00+00:00"),
    ]


def test_a_lock_says_in_which_build_it_is_held(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BUILD_ID", "1234")
    assert str(holder("abc")).startswith("abc by Cloud Build in build 1234, since 20")
    monkeypatch.delenv("BUILD_ID")
    assert " on " in str(holder("abc"))
    assert holder("abc").build is None
