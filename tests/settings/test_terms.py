"""The terms of tenants are read as a whole; what is wrong is named, and no value is shown."""

import json
from typing import Any

import pytest

from ion_mentoring.errors import SettingsInvalid
from ion_mentoring.records.profiles.consent import PURPOSES
from ion_mentoring.settings.consent import ConsentSettings
from ion_mentoring.settings.terms import Terms

ENTRY = {"notice": "2026-11", "asks": ["keep"]}


def read(*entries: dict[str, Any]) -> ConsentSettings:
    return ConsentSettings.read({"CONSENT_TERMS": json.dumps(entries)})


def test_each_tenant_has_its_own_and_who_is_not_listed_has_none() -> None:
    found = read(ENTRY, {"tenant": "school", "notice": "n1", "child_below": 14}).by_tenant
    school = Terms(tenant="school", notice="n1", child_below=14)
    assert found == {"default": Terms(notice="2026-11", asks=("keep",)), "school": school}
    assert ConsentSettings.read({}).by_tenant == {}


def test_every_purpose_that_is_kept_may_be_asked_for() -> None:
    assert read({**ENTRY, "asks": list(PURPOSES)}).by_tenant["default"].asks == PURPOSES


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ([{**ENTRY, "asks": []}], "entry 1: needs asks or child_below"),
        ([{**ENTRY, "asks": ["keep", "keep"]}], "entry 1: asks for a purpose twice"),
        ([{**ENTRY, "asks": ["sell-them"]}], "entry 1: asks: "),
        ([ENTRY, {**ENTRY, "child_below": 12}], "entry 2: child_below: "),
        ([{**ENTRY, "notice": "two words"}], "entry 1: notice: "),
        ([{**ENTRY, "secret": "s"}], "entry 1: "),
        ([ENTRY, ENTRY], "has a tenant twice"),
        ([], "at least 1 item"),
    ],
)
def test_what_is_wrong_is_named(wrong: Any, said: str) -> None:
    with pytest.raises(SettingsInvalid) as raised:
        ConsentSettings.read({"CONSENT_TERMS": json.dumps(wrong)})
    assert str(raised.value).startswith("CONSENT_TERMS: ")
    assert said in str(raised.value)
    assert "sell-them" not in str(raised.value)


def test_what_is_no_json_is_said_to_be_none() -> None:
    with pytest.raises(SettingsInvalid, match="CONSENT_TERMS: is no JSON"):
        ConsentSettings.read({"CONSENT_TERMS": "[{"})
