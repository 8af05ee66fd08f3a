"""`ion flags`: what is sent, and what an operator sees."""

import json
from collections.abc import Callable
from typing import Any

from tests.cli.conftest import Ran
from tests.cli.stand_in import StandIn, said


def flag(**more: Any) -> dict[str, Any]:
    now = {"value": 0.05, "variant": "usual", "reason": "STATIC", "error_code": None}
    usual = {
        "name": "exploration",
        "variants": {"off": 0.0, "usual": 0.05},
        "owner": "us",
        "until": "2027-01-31",
        "past": False,
    }
    return {**usual, "evaluation": now, **more}


def test_flags_are_listed_with_what_holds_and_why(stand_in: StandIn, inside: Callable[..., Ran]) -> None:
    broken = {"value": True, "variant": "on", "reason": "ERROR", "error_code": "GENERAL"}
    stand_in.says = [said({"flags": [flag(), flag(name="other", evaluation=broken, past=True)]})] * 2
    rows = [line.split("\t") for line in inside("flags", "list", "--tenant", "acme").out.splitlines()]
    assert rows[0] == ["exploration", "usual", "0.05", "STATIC", "off usual", "us", "2027-01-31"]
    assert rows[1][1:4] == ["on", "True", "GENERAL"]
    assert rows[1][-1] == "2027-01-31 (past)"
    assert stand_in.asked[0].path == "/api/v2/flags?tenant=acme"
    assert inside("flags", "list", "--json").json["flags"][0]["name"] == "exploration"


def test_a_flag_is_set_and_reset_for_all_or_for_a_tenant(stand_in: StandIn, inside: Callable[..., Ran]) -> None:
    stand_in.says = [said({"flag": flag(), "everywhere_within_s": 5.0})] * 3
    assert inside("flags", "set", "exploration", "usual", "--tenant", "acme").out == (
        "exploration is usual now, and everywhere within 5 s.\n"
    )
    assert inside("flags", "reset", "exploration", "--tenant", "acme").code == 0
    assert inside("flags", "reset", "explo/ration", "--json").json["flag"]["name"] == "exploration"
    assert [(one.method, one.path) for one in stand_in.asked] == [
        ("PUT", "/api/v2/flags/exploration"),
        ("DELETE", "/api/v2/flags/exploration?tenant=acme"),
        ("DELETE", "/api/v2/flags/explo%2Fration"),
    ]
    assert json.loads(stand_in.asked[0].body) == {"variant": "usual", "tenant": "acme"}
