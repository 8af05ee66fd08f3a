"""What Cloud Build runs are habits of the Makefile, in the order of a release."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from infra.releasing.stack import TERRAFORM
from tests.gcloud_cli import gcloud_tree, unknown
from tests.terraform.conftest import REPOSITORY, Initialised, Plan, run
from tests.terraform.made import Made

RELEASE = ["cloudbuild.yaml", "infra/cloudbuild.deploy.yaml"]
NIGHT = ["infra/cloudbuild.drift.yaml", "infra/cloudbuild.load.yaml"]
FILES = [*RELEASE, *NIGHT]


def build(file: str) -> dict[str, Any]:
    made: dict[str, Any] = yaml.safe_load((REPOSITORY / file).read_text(encoding="utf-8"))
    return made


def habits(file: str) -> list[str]:
    return [step["args"][1] for step in build(file)["steps"] if step["args"][0] == "make"]


def test_a_proposal_is_checked_loaded_bundled_and_planned_before_anybody_is_asked() -> None:
    assert habits("cloudbuild.yaml") == ["test", "load", "bundle", "propose"]


def test_what_was_approved_is_what_is_deployed() -> None:
    """The habit deploy is canary, smoke test, promise, the rest, and the way back: infra/release.py and its tests."""
    assert habits("infra/cloudbuild.deploy.yaml") == ["bundle", "deploy"]
    (step,) = [step for step in build("infra/cloudbuild.deploy.yaml")["steps"] if step["id"] == "deploy"]
    assert "approved=$COMMIT_SHA" in step["args"]


@pytest.mark.parametrize("file", FILES)
def test_a_step_is_a_habit_or_the_cache(file: str) -> None:
    for step in build(file)["steps"]:
        assert set(step) <= {"id", "name", "args", "allowFailure", "secretEnv"}, "no scripts: logic belongs into the repository"
        if step["args"][0] == "make":
            words = [word.replace("$", "") for word in step["args"]]
            done = subprocess.run([*words, "--dry-run"], cwd=REPOSITORY, capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stderr
        else:
            assert step["args"][:3] == ["gcloud", "storage", "rsync"]
            assert step["allowFailure"]


@pytest.mark.parametrize("file", FILES)
def test_what_is_substituted_is_declared(file: str) -> None:
    text = (REPOSITORY / file).read_text(encoding="utf-8")
    assert set(re.findall(r"\$(_[A-Z]+)", text)) <= set(build(file)["substitutions"])
    assert build(file)["options"]["logging"] == "CLOUD_LOGGING_ONLY"


def test_one_push_starts_both_and_the_one_that_changes_things_waits(foundation: Plan) -> None:
    triggers = {one["name"]: one for one in foundation.of("google_cloudbuild_trigger").values()}
    assert [triggers[name]["filename"] for name in ("ion-plan", "ion-deploy")] == RELEASE
    assert [triggers[name]["approval_config"][0]["approval_required"] for name in ("ion-plan", "ion-deploy")] == [False, True]
    for trigger, file in zip(("ion-plan", "ion-deploy"), RELEASE, strict=True):
        assert set(triggers[trigger]["substitutions"]) == set(build(file)["substitutions"])
        assert triggers[trigger]["repository_event_config"][0]["push"] == [
            {"branch": "^main$", "invert_regex": None, "tag": None}
        ]


def test_every_night_somebody_looks_and_whoever_is_told_hears_of_it(made_foundation: Made) -> None:
    assert [habits(file) for file in NIGHT] == [["drift"], ["load"]]
    channels = [one.values["id"] for one in made_foundation.of("google_monitoring_notification_channel.night")]
    assert channels
    for name, page in (("ion-drift", "docs/runbooks/drift.md"), ("ion-load", "docs/runbooks/load.md")):
        trigger = made_foundation.one("google_cloudbuild_trigger.nightly", each=name).values
        assert not trigger["approval_config"], "nobody is up to approve it"
        policy = made_foundation.one("google_monitoring_alert_policy.night", each=name).values
        assert policy["notification_channels"] == channels
        assert policy["documentation"][0]["content"] == page
        assert (REPOSITORY / page).is_file()
        ((logged,),) = [condition["condition_matched_log"] for condition in policy["conditions"]]
        assert f'build_trigger_id="{trigger["trigger_id"]}"' in logged["filter"], "of this build, and of no other"
        assert 'textPayload=~"^ERROR"' in logged["filter"], "as Cloud Build ends a step that failed"
        assert policy["alert_strategy"][0]["notification_rate_limit"] == [{"period": "3600s"}], "log alerts want one"


def test_what_nobody_approved_changes_nothing_and_reads_nobodys_words(foundation: Plan) -> None:
    """The account that plans looks at what there is; where it may write, it is its own."""
    own = {address: one for address, one in foundation.planned.items() if ".plan" in address}
    roles = {one["role"] for address, one in own.items() if address.startswith("google_project_iam_member.plan[")}
    assert roles
    assert not [role for role in roles if role.endswith(("admin", "Admin", "editor", "owner", "/viewer", "datastore.viewer"))]
    permissions = own["google_project_iam_custom_role.plan"]["permissions"]
    assert all(permission.endswith((".get", ".list", ".getMetadata")) for permission in permissions)
    assert not [permission for permission in permissions if "entities" in permission]
    writing = [one for one in own.values() if one.get("role") == "roles/storage.objectUser"]
    assert len(writing) == 2
    assert all(one["condition"] for one in writing)


def test_the_image_that_steps_run_in_is_the_one_that_is_made() -> None:
    names = {step["name"] for file in FILES for step in build(file)["steps"] if step["args"][0] == "make"}
    made = build("infra/release-image/cloudbuild.yaml")
    assert set(made["images"]) == names == {"us-docker.pkg.dev/$PROJECT_ID/release/steps:2"}
    assert made["images"][0] in made["steps"][0]["args"]


def test_whoever_runs_steps_may_read_the_image_that_they_run_in(made_foundation: Made) -> None:
    reading = {
        one.values["member"] for one in made_foundation.resources if one.values.get("role") == "roles/artifactregistry.reader"
    }
    running = {made_foundation.one(f"google_service_account.{account}").values["member"] for account in ("planner", "deploy")}
    assert reading == running


def test_the_image_is_made_by_an_account_that_may(foundation: Plan) -> None:
    """It reads what is staged in the bundle bucket, and writes images and its log; default accounts have no rights."""
    made = build("infra/release-image/cloudbuild.yaml")
    assert made["serviceAccount"] == "projects/$PROJECT_ID/serviceAccounts/builder@$PROJECT_ID.iam.gserviceaccount.com"
    assert made["options"]["logging"] == "CLOUD_LOGGING_ONLY"
    own = {
        address.partition(".")[0]: one["role"]
        for address, one in foundation.planned.items()
        if re.search(r"_member\.build(\[|$)", address)
    }
    assert own == {
        "google_storage_bucket_iam_member": "roles/storage.objectViewer",
        "google_artifact_registry_repository_iam_member": "roles/artifactregistry.writer",
        "google_project_iam_member": "roles/logging.logWriter",
    }
    asked = ["make", "release-image", "project=my-project", "--dry-run", "--no-print-directory"]
    words = subprocess.run(asked, cwd=REPOSITORY, capture_output=True, text=True, check=True).stdout.split()
    assert "gs://my-project-bundles/source" in words
    assert unknown(gcloud_tree(), words[1:]) is None


@pytest.mark.parametrize("environment", ["dev", "prod"])
def test_the_foundation_is_told_the_same_each_time(
    initialised: Initialised, planning: str, tmp_path: Path, environment: str
) -> None:
    """What is said once stands in a file: a later bootstrap without it would take the pipeline away."""
    asked = [
        "make",
        "bootstrap",
        f"env={environment}",
        "project=my-project",
        "TERRAFORM=terraform",
        "--dry-run",
        "--no-print-directory",
    ]
    done = subprocess.run(asked, cwd=REPOSITORY, capture_output=True, text=True, check=True).stdout
    words = done.replace("\\\n", " ").splitlines()[-1].split()
    assert words[2] == "apply"
    folder = shutil.copytree(initialised("foundation"), tmp_path / "repository") / TERRAFORM / "foundation"
    values = folder / f"{environment}.tfvars"
    values.write_text(
        values.read_text()
        .replace("repository = null", 'repository = "projects/p/locations/us-central1/connections/c/repositories/r"')
        .replace("approvers = []", 'approvers = ["group:release@example.com"]')
    )
    done = run(folder, "plan", "-input=false", "-no-color", *words[3:])
    assert done.returncode == 0, done.stderr
    assert 'google_cloudbuild_trigger.build["ion-deploy"] will be created' in done.stdout
    assert 'google_project_iam_member.approver["group:release@example.com"] will be created' in done.stdout


def test_the_look_for_backups_knows_what_it_is_told(planned: Plan) -> None:
    (workflow,) = planned.of("google_workflows_workflow").values()
    flow = yaml.safe_load(workflow["source_contents"])
    assert [name for step in flow["newest"]["steps"] for name in step] == ["start", "list", "look", "judge", "fine"]
    assert set(re.findall(r'get_env\("(\w+)"\)', workflow["source_contents"])) - {"CHECK_IN"} == set(workflow["user_env_vars"])
    assert workflow["user_env_vars"]["DATABASE"].endswith("/databases/mentoring")
    assert workflow["user_env_vars"]["BACKUPS"].endswith("/locations/nam5/backups")


def test_the_look_for_backups_checks_in_and_fails_all_the_same() -> None:
    """A flow that caught its failure to tell it, and did not raise it again, would look well for ever."""
    flow = yaml.safe_load((REPOSITORY / "infra/terraform/modules/monitoring/backups.workflow.yaml").read_text(encoding="utf-8"))
    look, well, fine = (step[name] for step in flow["main"]["steps"] for name in step)
    missed, fail = look["except"]["steps"]
    assert (missed["missed"]["args"], fail["fail"]) == ({"status": "error"}, {"raise": "${failure}"})
    assert (look["try"]["call"], well["args"], fine) == ("newest", {"status": "ok"}, {"return": "${found}"})
    wanted, say = flow["tell"]["steps"]
    assert wanted["wanted"]["switch"][0] == {"condition": '${sys.get_env("CHECK_IN", "") == ""}', "return": None}
    assert "raise" not in str(say["say"]["except"]), "Sentry away is no failure of the backup"
    schedule = say["say"]["try"]["args"]["body"]["monitor_config"]["schedule"]["value"]
    assert f'schedule  = "{schedule}"' in (REPOSITORY / "infra/terraform/modules/monitoring/backups.tf").read_text(
        encoding="utf-8"
    )
