"""The contract is that of the last release, but for what CHANGELOG.md tells, and nothing breaks a client."""

import copy
import re
from pathlib import Path
from typing import Any

import httpx2
import pytest

from ion_mentoring import __version__
from ion_mentoring.resources import ROOT
from tests.handlers.pinned import pin
from tests.handlers.pinned.breaking import breaking
from tests.handlers.pinned.cases import CASES, Case, asked, differences, form_of

RELEASED = pin.released()
UNRELEASED = (ROOT.parent / "CHANGELOG.md").read_text(encoding="utf-8").partition("## Unreleased")[2].partition("\n## ")[0]


def untold(found: list[str], told: str = UNRELEASED) -> list[str]:
    """The changed fields that the changelog does not name, each in backquotes."""
    return [where for where in found if f"`{where.rpartition('.')[2]}`" not in told]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
async def test_an_answer_has_the_form_of_the_last_release(router: httpx2.AsyncClient, case: Case) -> None:
    changed = differences(RELEASED["forms"][case.name], await asked(router, case))
    assert untold(changed) == [], "tell it in CHANGELOG.md, under Unreleased, with the name of the field in backquotes"


async def test_no_client_is_broken_within_a_major_version(router: httpx2.AsyncClient) -> None:
    found = breaking(RELEASED["openapi"], (await router.get("/openapi.json")).json())
    assert found == [] or __version__.partition(".")[0] != RELEASED["version"].partition(".")[0], found


def test_a_change_that_the_changelog_tells_is_let_through_and_another_is_named() -> None:
    before = {"status": 200, "body": {"a": "string", "b": {"c": "number"}}}
    after = {"status": 200, "body": {"a": "number", "b": {}, "d": "string"}}
    changed = differences(before, after)
    assert changed == [".body.a", ".body.b.c", ".body.d"]
    assert untold(changed, "- `a` is a number now; `d` is new") == [".body.b.c"]


@pytest.mark.parametrize(
    ("path", "value", "told"),
    [
        (("paths", "/api/v2/process", "post"), None, "POST /api/v2/process is gone"),
        (("components", "schemas", "AnswerView", "properties", "content"), None, "AnswerView.content is gone"),
        (
            ("components", "schemas", "AnswerView", "properties", "content"),
            {"type": "integer"},
            "AnswerView.content is of another",
        ),
        (
            ("components", "schemas", "ProcessRequest", "required"),
            ["user_input", "persona"],
            "ProcessRequest.persona is required",
        ),
        (("paths", "/api/v2/health", "get", "security"), [{"apiKey": []}], "GET /api/v2/health asks for a credential now"),
        (("paths", "/api/v2/process", "post", "responses", "204"), None, "POST /api/v2/process no longer gives 204"),
    ],
)
def test_what_breaks_a_client_is_named(path: tuple[str, ...], value: Any, told: str) -> None:
    changed = copy.deepcopy(RELEASED["openapi"])
    *steps, last = path
    place = changed
    for step in steps:
        place = place[step]
    if value is None:
        del place[last]
    else:
        place[last] = value
    assert any(line.startswith(told) for line in breaking(RELEASED["openapi"], changed)), breaking(RELEASED["openapi"], changed)


def test_what_is_added_breaks_nobody() -> None:
    changed = copy.deepcopy(RELEASED["openapi"])
    changed["paths"]["/api/v2/new"] = {"get": {"responses": {"200": {}}}}
    changed["components"]["schemas"]["AnswerView"]["properties"]["more"] = {"type": "string"}
    assert breaking(RELEASED["openapi"], changed) == []


def test_forms_are_told_by_type() -> None:
    assert form_of({"a": [1, 2], "b": None, "c": {"d": True}, "e": []}) == {
        "a": ["number"], "b": "null", "c": {"d": "boolean"}, "e": [],
    }  # fmt: skip


def test_a_release_that_is_pinned_is_not_pinned_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert pin.main() == 1
    monkeypatch.setattr(pin, "PINNED", tmp_path / "released.json")
    assert pin.main() == 0
    assert re.fullmatch(r"\d+\.\d+\.\d+", pin.released()["version"])
