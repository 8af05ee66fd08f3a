"""What the code and the cloud have to agree on: settings, collections that expire, messages, times, pages."""

import base64
import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from google.protobuf import descriptor_pb2, json_format, message_factory
from grpc_tools import protoc

from bench.balancer import HEALTH, Policy
from infra.bundling.platform import PLATFORM
from infra.functions import read_map
from infra.tables.pages import made_part
from infra.tables.rights import PAGE, grants, table
from ion_mentoring.backends.firestore import Added, Change, Created, Document, Documents
from ion_mentoring.experiments.experiment import Arm, Experiment
from ion_mentoring.handlers.web.events import DEAD
from ion_mentoring.handlers.workers.batch import TEND
from ion_mentoring.mentoring.batching.lanes import planned as planned_lanes
from ion_mentoring.mentoring.privacy.kept import kept_table
from ion_mentoring.records.audit.firestore import FirestoreAuditRecords
from ion_mentoring.records.batches.firestore_results import FirestoreBatchResults
from ion_mentoring.records.batches.firestore_submissions import FirestoreSubmissions
from ion_mentoring.records.batches.results import ItemResult
from ion_mentoring.records.batches.submissions import Batch, Owner, SubmittedItem
from ion_mentoring.records.batches.words import BatchWords
from ion_mentoring.records.conversations.firestore import FirestoreConversations
from ion_mentoring.records.conversations.protocol import ConversationId, Turn
from ion_mentoring.records.conversations.sealed import SealedConversations
from ion_mentoring.records.erasures.firestore import FirestoreErasures
from ion_mentoring.records.erasures.protocol import Erasure
from ion_mentoring.records.experiments.firestore import FirestoreArmSums, FirestoreExperiments, FirestoreExposures
from ion_mentoring.records.experiments.protocol import Exposed
from ion_mentoring.records.feedback.firestore import FirestoreRatings
from ion_mentoring.records.feedback.protocol import Rating
from ion_mentoring.records.flags.firestore import FirestoreFlagChoices
from ion_mentoring.records.flags.protocol import FlagChoice
from ion_mentoring.records.idempotency.firestore import FirestoreRecords
from ion_mentoring.records.idempotency.protocol import Record
from ion_mentoring.records.keys.firestore import FirestoreKeyRecords
from ion_mentoring.records.keys.protocol import KeyRecord, SecretMark
from ion_mentoring.records.ledger.firestore import FirestoreLedger
from ion_mentoring.records.ledger.prices import Charge, Cost
from ion_mentoring.records.ledger.protocol import Entry
from ion_mentoring.records.profiles.firestore import FirestoreProfiles
from ion_mentoring.records.profiles.protocol import Population
from ion_mentoring.records.revocations.firestore import FirestoreRevocations
from ion_mentoring.records.revocations.protocol import Revocation
from ion_mentoring.records.user_keys.firestore import STEPS, FirestoreKeyStore
from ion_mentoring.settings.deployment import Deployment
from ion_mentoring.settings.group import Settings
from ion_mentoring.settings.persona import PersonaSettings
from ion_mentoring.settings.router import RouterSettings
from ion_mentoring.settings.worker import WorkerSettings
from ion_mentoring.usage.meter import Usage
from tests.real_parts.firestore import PATIENCE_S
from tests.records.audit.test_audit_contract import ONE as AUDITED
from tests.records.keyrings import keyring
from tests.terraform.conftest import FUNCTIONS, REPOSITORY, Plan

NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)
WHOSE = {"holder", "holders"}  # what an erasure asks by, in all batches at once
KEYS = {"user_keys", "period_keys"}  # they end by hand: with their user, with what lies under them
LASTING = KEYS | {"flags", "experiments"}  # an operator ends these, and they are about nobody
SETTINGS: Mapping[str, type[Settings]] = {"router": RouterSettings, "persona": PersonaSettings, "worker": WorkerSettings}
PROTO = (REPOSITORY / "infra/terraform/modules/global/cache-warming.proto").read_text(encoding="utf-8")


def environments(planned: Plan) -> dict[tuple[str, str], dict[str, str]]:
    """What each function finds in its environment, by region and name; a stand-in where only the cloud knows."""
    found = {}
    for address, service in planned.of("google_cloud_run_v2_service").items():
        region, name = re.findall(r'\["([^"]+)"\]', address)
        (container,) = service["template"][0]["containers"]
        found[region, name] = {one["name"]: one.get("value") or "https://known.after.run.app" for one in container["env"]}
    return found


def test_every_function_starts_with_what_it_is_given(planned: Plan) -> None:
    """The settings are read as the function reads them: none is missing, none is of another form."""
    for (region, name), environ in environments(planned).items():
        secrets = {"API_KEYS": "acme:service:" + "0" * 64}
        known = {k: v for k, v in secrets.items() if k in environ}
        settings = SETTINGS[FUNCTIONS[name]["kind"]].read({**environ, **known, "K_SERVICE": f"ion-{name}"})
        assert settings.deployment.region == region  # type: ignore[attr-defined]
        assert settings.deployment.environment == "prod"  # type: ignore[attr-defined]


def test_whoever_has_an_l2_uses_the_one_of_its_region(planned: Plan) -> None:
    for (region, name), environ in environments(planned).items():
        if FUNCTIONS[name]["kind"] == "persona":
            assert {"CACHE_INSTANCE", "STORE", "CACHE_KEY_SECRET", "API_KEYS"}.isdisjoint(environ)
        else:
            assert environ["CACHE_INSTANCE"] == f"projects/ion-mentoring-prod/locations/{region}/instances/ion-cache"
            assert {f"PERSONA_URL_{n.upper()}" for n, f in FUNCTIONS.items() if f["kind"] == "persona"} <= set(environ)
        assert ("WARMING_TOPIC" in environ) == (FUNCTIONS[name]["kind"] == "router")


def test_no_setting_is_given_that_nobody_reads(planned: Plan) -> None:
    documented = set(re.findall(r"[A-Z][A-Z0-9_]{3,}", (REPOSITORY / "docs/settings.md").read_text(encoding="utf-8")))
    given = {name for environ in environments(planned).values() for name in environ}
    assert {name for name in given if not name.startswith("PERSONA_URL_")} <= documented


def test_the_secrets_are_settings_that_their_functions_read() -> None:
    known = json.loads((REPOSITORY / "infra/terraform/secrets.json").read_text(encoding="utf-8"))
    for name, entry in known.items():
        for kind in entry["kinds"]:
            groups = [field.annotation for field in SETTINGS[kind].model_fields.values()]
            assert any(name.lower() in group.model_fields for group in groups), (name, kind)  # type: ignore[union-attr]


def test_requests_and_messages_have_the_time_that_they_are_told(planned: Plan) -> None:
    """What a function allows itself ends before the platform ends it, and that before Pub/Sub asks again."""
    defaults = Deployment()
    for _, name in environments(planned):
        own = defaults.work_timeout_s if FUNCTIONS[name]["kind"] == "worker" else defaults.request_timeout_s
        assert own < FUNCTIONS[name]["timeout_s"] < 600


def test_a_function_runs_on_what_its_bundle_was_made_for(planned: Plan) -> None:
    version = PLATFORM["python_version"].replace(".", "")
    for service in planned.of("google_cloud_run_v2_service").values():
        (build,) = service["build_config"]
        assert build["base_image"].endswith(f"/python{version}")
        assert build["base_image"].startswith(f"{service['location']}-docker.pkg.dev/")
        assert build["function_target"] == "handle"


def test_the_image_that_releases_run_in_has_the_python_of_the_functions() -> None:
    dockerfile = (REPOSITORY / "infra/release-image/Dockerfile").read_text(encoding="utf-8")
    assert f"FROM python:{PLATFORM['python_full_version']}-" in dockerfile
    assert "COPY --from=python /usr/local /usr/local\n" in dockerfile


class Recorder(Documents):
    """The documents of a real database, with what was written noted: fields by collection group."""

    written: dict[str, set[str]]

    def note(self, collection: str, fields: Mapping[str, Any]) -> None:
        self.__dict__.setdefault("written", {}).setdefault(collection.rpartition("/")[2], set()).update(fields)

    async def create_all(self, collection: str, documents: Mapping[str, Document]) -> bool:
        for document in documents.values():
            self.note(collection, document)
        return await super().create_all(collection, documents)

    async def added(self, collection: str, name: str, document: Document) -> str | None:
        self.note(collection, document)
        return await super().added(collection, name, document)

    async def raised(self, collection: str, name: str, numbers: Mapping[str, int], fields: Document) -> None:
        self.note(collection, {**numbers, **fields})
        await super().raised(collection, name, numbers, fields)

    async def commit(self, changes: Sequence[Change]) -> list[list[int]] | None:
        for change in changes:
            if isinstance(change, Created):
                self.note(change.collection, change.document)
            elif isinstance(change, Added):
                self.note(change.collection, {**change.numbers, **change.fields})
        return await super().commit(changes)


async def test_what_expires_in_the_code_expires_in_the_database(planned: Plan, firestore_project: str) -> None:
    """Everything that is stored is stored once, in the emulator, and every collection of it ends by a policy."""
    documents = Recorder(firestore_project, timeout_s=PATIENCE_S)
    words = BatchWords(keyring(FirestoreKeyStore(documents)))
    charges = (Charge("m", Usage(10, 5), Cost(7)),)
    conversations = SealedConversations(FirestoreConversations(documents, lambda: NOON), keyring(FirestoreKeyStore(documents)))
    await conversations.append(ConversationId("u", "s"), [Turn("user", "hello", NOON)], entry_id="1")
    await FirestoreBatchResults(documents, lambda: NOON, words).store(ItemResult("b", "1", "failed", None, "reason", NOON))
    await FirestoreRecords(documents, lambda: NOON).claim("n", Record("body", "e", NOON))
    keys = FirestoreKeyRecords(documents)
    await keys.add(KeyRecord("k", "acme", "web", "service", ("ask",), (SecretMark("00"),), NOON, "key:boss"))
    await keys.used("k", NOON)
    await FirestoreErasures(documents, lambda: NOON).put(Erasure("00" * 18, NOON))
    await FirestoreRevocations(documents, lambda: NOON).put(Revocation("default", "jti", "t", NOON))
    experiment = Experiment("one", "weights", (Arm("usual"), Arm("other")), NOON)
    await FirestoreExperiments(documents).add(experiment)
    await FirestoreExposures(documents, lambda: NOON).see("key:web/kim", Exposed("one", 1, "usual", NOON))
    await FirestoreArmSums(documents, lambda: NOON).add("one", 1, "2026-11-30", 0, {("usual", "calm"): {"answers": 1}})
    await FirestoreFlagChoices(documents).put(FlagChoice("exploration", None, "off", NOON))
    profiles = FirestoreProfiles(documents, lambda: NOON)
    await profiles.learn("u", {}, 0, NOON)
    await profiles.count(Population(counted_at=NOON))
    await FirestoreRatings(documents, lambda: NOON).put("u", Rating("r", NOON, "up"))
    (chunks, lanes) = planned_lanes([SubmittedItem(1, "1", {"user_input": "hello"})], NOON, at_most=1)
    batch = Batch(f"batch_{'a' * 26}", Owner("default", "key:acme"), 1, NOON, NOON + timedelta(days=30))
    await FirestoreSubmissions(documents, lambda: NOON, words).create(batch, chunks, lanes)
    ledger = FirestoreLedger(documents, lambda: NOON)
    await ledger.reserve("key:acme", "open", "2026-11", 1, 100)
    await ledger.settle(Entry("1", NOON, "key:acme", "lua", "m", charges, "whole"))
    audit = FirestoreAuditRecords(documents)
    await audit.append([AUDITED])
    await audit.anchor(AUDITED.day, "{}")
    expiring = {group for group, fields in documents.written.items() if "expires_at" in fields}
    assert expiring == set(documents.written) - LASTING, "a collection whose documents never end"
    policies = [one for one in planned.of("google_firestore_field").values() if one["field"] not in WHOSE]
    assert {policy["collection"] for policy in policies} == expiring
    assert all(policy["field"] == "expires_at" and policy["ttl_config"] for policy in policies)
    kinds = kept_table().kind
    assert {name for kind in kinds if kind.kept for name in kind.collections} == expiring
    assert {name for kind in kinds if not kind.kept for name in kind.collections} == KEYS | {STEPS}


def test_messages_and_backups_live_as_long_as_the_table_of_what_is_kept_says(planned: Plan) -> None:
    kept = {kind.id: kind.kept for kind in kept_table().kind}
    waiting = [*planned.of("google_pubsub_topic").values(), *planned.of("google_pubsub_subscription").values()]
    messages = max(int(one["message_retention_duration"][:-1]) for one in waiting)
    backups = max(int(one["retention"][:-1]) for one in planned.of("google_firestore_backup_schedule").values())
    assert (timedelta(seconds=messages), timedelta(seconds=backups)) == (kept["messages"], kept["backups"])


def test_no_query_needs_an_index_that_is_not_declared(planned: Plan) -> None:
    """Queries order by one field, or take what has one value of it, for which Firestore keeps indexes by itself."""
    sources = [path.read_text(encoding="utf-8") for path in (REPOSITORY / "shared/ion_mentoring").rglob("*firestore*.py")]
    chains = re.findall(r"(?:\.(?:where|order_by|filter)\([^\n]*)", "\n".join(sources))
    assert chains
    counted = [chain for chain in chains if ".where(" in chain]
    grouped = [chain for chain in counted if ".where(filter=whose)" in chain]
    assert all('.where(filter=FieldFilter(field, "==", value))' in chain for chain in counted if chain not in grouped)
    asked = set(re.findall(r'everywhere\("(\w+)", "(\w+)"', "\n".join(sources)))
    fields = [one for one in planned.of("google_firestore_field").values() if one["field"] in WHOSE]
    assert asked == {(one["collection"], one["field"]) for one in fields}
    assert all(chain.count("order_by(") == 1 and ".filter(" not in chain for chain in chains if chain not in counted)
    assert not planned.of("google_firestore_index")
    ordered = set(re.findall(r'(?:newest|oldest|count|matching|following)\([^,]+, "(\w+)"', "\n".join(sources)))
    exempt = {policy["field"] for policy in planned.of("google_firestore_field").values()} - WHOSE
    assert ordered
    assert not ordered & exempt, "a field that is ordered by has its index switched off"


def test_the_table_of_rights_is_what_the_plan_gives(planned: Plan) -> None:
    assert made_part(PAGE) == table(grants(planned.told))


def test_what_may_be_given_on_is_what_is_given(planned: Plan, foundation: Plan) -> None:
    """The release pipeline may give the functions the project-wide roles of the plan, and no others."""
    given = {grant["role"] for grant in planned.of("google_project_iam_member").values()}
    condition = foundation.planned["google_project_iam_member.deploy_gives"]["condition"][0]["expression"]
    assert given <= set(re.findall(r"roles/[\w.]+", condition))
    assert set(re.findall(r"roles/[\w.]+", condition)).isdisjoint({"roles/owner", "roles/editor"})


def test_the_foundation_has_what_the_set_takes_for_granted(planned: Plan, foundation: Plan) -> None:
    text = json.dumps(planned.told["planned_values"])
    keys = {(key["name"], ring["location"]) for key, ring in _keys(foundation)}
    assert {(name, place) for place, name in re.findall(r"locations/(\w+)/keyRings/ion/cryptoKeys/(\w+)", text)} <= keys
    assert all(key["rotation_period"] == "7776000s" for key, _ in _keys(foundation))
    secrets = {secret["secret_id"] for secret in foundation.of("google_secret_manager_secret").values()}
    assert {grant["secret_id"] for grant in planned.of("google_secret_manager_secret_iam_member").values()} <= secrets
    (bucket,) = foundation.of("google_storage_bucket").values()
    assert bucket["name"].endswith("-bundles")
    assert bucket["versioning"][0]["enabled"]
    assert bucket["public_access_prevention"] == "enforced"
    (kept,) = foundation.of("google_logging_project_bucket_config").values()
    assert kept["locked"]
    assert kept["retention_days"] >= 365


def _keys(foundation: Plan) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    rings = {ring["location"]: ring for ring in foundation.of("google_kms_key_ring").values()}
    places = {"secrets": "global", "messages": "global", "bundles": "us", "images": "us", "words": "global"}
    return [(key, rings[places[key["name"]]]) for key in foundation.of("google_kms_crypto_key").values()]


def test_scheduled_warming_is_a_message_that_the_function_takes(planned: Plan) -> None:
    from ion_mentoring.handlers.workers.warming import WarmingMessage

    jobs = [job for job in _publishing(planned) if not job["name"].endswith("-tend")]
    assert len(jobs) == 3
    for job in jobs:
        WarmingMessage.model_validate_json(base64.b64decode(job["pubsub_target"][0]["data"]))


def _publishing(planned: Plan) -> list[dict[str, Any]]:
    return [job for job in planned.of("google_cloud_scheduler_job").values() if job["pubsub_target"]]


def test_batches_are_looked_after_by_a_message_that_the_function_takes(planned: Plan) -> None:
    (job,) = (job for job in _publishing(planned) if job["name"].endswith("-tend"))
    assert json.loads(base64.b64decode(job["pubsub_target"][0]["data"])) == TEND


def test_dead_letters_go_where_the_function_takes_them(planned: Plan) -> None:
    pushed = [one for one in planned.of("google_pubsub_subscription").values() if one["name"].endswith("-dead-push")]
    assert [one["name"] for one in pushed] == ["mentoring-batch-dead-push"]
    assert FUNCTIONS["batch"]["dead"] == DEAD


@pytest.mark.parametrize(
    ("message", "taken"),
    [
        ({"scope": "all"}, True),
        ({"scope": "popular", "personas": ["lua", "nana"]}, True),
        ({"renew": "c2VhbGVk"}, True),
        ({"scope": "all", "everything": True}, False),
        ({"personas": "lua"}, False),
    ],
)
def test_the_schema_takes_what_is_sent_and_nothing_else(tmp_path: Path, message: dict[str, Any], taken: bool) -> None:
    """By protobuf's own compiler and JSON form: the Pub/Sub emulator takes no schema of this language."""
    (tmp_path / "warming.proto").write_text(PROTO, encoding="utf-8")
    assert protoc.main(["", f"-I{tmp_path}", f"-o{tmp_path}/warming.pb", "warming.proto"]) == 0
    files = descriptor_pb2.FileDescriptorSet.FromString((tmp_path / "warming.pb").read_bytes())
    warming = message_factory.GetMessages(files.file)["CacheWarming"]
    if taken:
        json_format.ParseDict(message, warming())
    else:
        with pytest.raises(json_format.ParseError):
            json_format.ParseDict(message, warming())


def test_the_map_says_what_terraform_needs() -> None:
    for name, entry in read_map(REPOSITORY).items():
        assert ("topic" in entry) == ("scope" in entry) == (entry["kind"] == "worker"), name


def test_the_simulated_load_balancer_is_the_one_that_is_planned(planned: Plan) -> None:
    policy = Policy()
    routers = [one for one in planned.of("google_cloud_run_v2_service").values() if one["name"] == "ion-router"]
    for router in routers:
        (probe,) = router["template"][0]["containers"][0]["readiness_probe"]
        assert (policy.period_s, policy.timeout_s) == (probe["period_seconds"], probe["timeout_seconds"])
        assert (policy.failures, policy.successes) == (probe["failure_threshold"], probe["success_threshold"])
        assert probe["http_get"][0]["path"] == HEALTH
    (errors,) = planned.planned["module.edge.google_compute_backend_service.router"]["outlier_detection"]
    assert (policy.errors, policy.ejected_s) == (errors["consecutive_errors"], errors["base_ejection_time"][0]["seconds"])
    (route,) = planned.planned["module.edge.google_compute_url_map.https"]["default_route_action"]
    assert policy.retries == route["retry_policy"][0]["num_retries"]
    assert set(route["retry_policy"][0]["retry_conditions"]) == {"connect-failure", "refused-stream"}  # nothing was read yet
