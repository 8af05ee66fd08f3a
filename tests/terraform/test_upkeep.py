"""What was changed beside Terraform is told, and a set is taken away by whoever names it twice."""

import json
from pathlib import Path
from typing import Any

import pytest

from infra.releasing.stack import Stack
from infra.releasing.upkeep import look_for_drift, take_away
from infra.user_error import UserError
from tests.terraform.conftest import copied
from tests.terraform.world import HOME, World

ROUTER = 'module.ion.module.region["us-central1"].module.router["router"].google_cloud_run_v2_service.this'


def stack(root: Path, drifted: list[dict[str, Any]]) -> Stack:
    """A set whose Terraform finds that."""
    command = root / "terraform"
    (root / "shown").write_text(json.dumps({"resource_drift": drifted}))
    command.write_text(f'#!/bin/sh\necho "$@" >> {root}/asked\ncase "$*" in *" show "*) cat {root}/shown;; esac\n')
    command.chmod(0o755)
    copied(root / "repository")
    return Stack(root / "repository", "dev", terraform=str(command), offline=True)


def drifted(address: str, before: dict[str, Any], after: dict[str, Any] | None) -> dict[str, Any]:
    return {"address": address, "change": {"actions": ["update" if after else "delete"], "before": before, "after": after}}


def test_what_was_changed_is_told_by_name_and_never_by_value(tmp_path: Path) -> None:
    found = [
        drifted(ROUTER, {"ingress": "INTERNAL", "etag": "1", "labels": {}}, {"ingress": "ALL", "etag": "2", "labels": {}}),
        drifted("google_pubsub_topic.x", {"name": "x"}, None),
        drifted("google_pubsub_topic.y", {"name": "y", "etag": "1"}, {"name": "y", "etag": "2"}),  # says it of itself
    ]
    said: list[str] = []
    with pytest.raises(UserError, match=r"2 changed beside Terraform: docs/runbooks/drift.md"):
        look_for_drift(stack(tmp_path, found), said.append)
    assert said == ["google_pubsub_topic.x: is gone", f"{ROUTER}: ingress"]
    asked = (tmp_path / "asked").read_text()
    assert "plan -refresh-only -input=false -lock=false" in asked
    assert "apply" not in asked


def test_a_set_that_is_as_it_was_left_is_no_news(tmp_path: Path) -> None:
    said: list[str] = []
    look_for_drift(stack(tmp_path, []), said.append)
    assert said == ["nothing was changed beside Terraform"]


@pytest.mark.parametrize(
    ("environment", "sure", "sentence"),
    [
        ("prod", "ion-mentoring-dev", "prod is not torn down by a command"),
        ("dev", None, "make tear-down env=dev sure=ion-mentoring-dev"),
        ("dev", "ion-mentoring-prod", "this takes all of ion-mentoring-dev away"),
    ],
)
def test_a_set_is_not_taken_away_by_a_slip(environment: str, sure: str | None, sentence: str, released: World) -> None:
    with pytest.raises(UserError, match=sentence):
        take_away(released.stack, released.shelf, environment, sure, {})
    assert released.stack.runs[HOME]


def test_a_set_that_was_taken_away_runs_nothing_and_its_next_release_is_a_first_one(released: World) -> None:
    with released.shelf.held("commit-9"), pytest.raises(UserError, match="another release is on its way"):
        take_away(released.stack, released.shelf, "dev", "ion-mentoring-dev", {})
    take_away(released.stack, released.shelf, "dev", "ion-mentoring-dev", {})
    assert released.stack.runs == {}
    assert released.shelf.current() is None
    released.deploy("0" * 16)
    assert released.stack.steps == [f"apply to {', '.join(sorted(released.regions))}"]
