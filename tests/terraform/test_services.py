"""What each function is given: its size, its environment, and versions of secrets that stay what they were."""

import json
from typing import Any

import pytest

from tests.terraform.conftest import FUNCTIONS, REPOSITORY
from tests.terraform.made import Made, Resource
from tests.terraform.wanted import read

SERVICE = "function.google_cloud_run_v2_service.this"
PERSONAS = [name for name, entry in FUNCTIONS.items() if entry["kind"] == "persona"]
SECRETS = json.loads((REPOSITORY / "infra/terraform/secrets.json").read_text(encoding="utf-8"))
SIZES = read("function")["functions"]


def given(service: Resource) -> dict[str, Any]:
    (container,) = service.values["template"][0]["containers"]
    return {one["name"]: one.get("value") or one["value_source"][0]["secret_key_ref"][0] for one in container["env"]}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_map_gives_a_function_what_costs_and_times_are_computed_from(name: str) -> None:
    table = SIZES[name if name in SIZES else FUNCTIONS[name]["kind"]]
    wrong = [
        f"{name}: {what} is {FUNCTIONS[name].get(what)!r} and has to be {wanted!r}: {why}"
        for what, (wanted, why) in table.items()
        if FUNCTIONS[name].get(what) != wanted
    ]
    assert wrong == []
    assert set(FUNCTIONS[name]) == set(table)


def test_a_function_finds_in_its_environment_what_its_kind_needs(made: Made) -> None:
    """All of it, and nothing besides: a setting less is another behaviour, and often no start at all."""
    number = made.data["data.google_project.this[0]"]["number"]
    for service in made.of(SERVICE):
        region, name = service.indices["region"], service.indices["function"]
        kind = FUNCTIONS[name]["kind"]
        project = "ion-mentoring-prod"
        wanted: dict[str, Any] = {"ENVIRONMENT": "prod", "GOOGLE_CLOUD_PROJECT": project, "REGION": region, "V1_OPEN": "true"}
        wanted |= {"MODEL": "gemini:gemini-2.5-flash-lite", "FALLBACK_MODEL": "playbook", "MODEL_LOCATION": "global"}
        if kind != "persona":
            wanted["STORE"] = f"firestore://{project}/mentoring"
            wanted["SEALING_KMS_KEY"] = f"projects/{project}/locations/global/keyRings/ion/cryptoKeys/words"
            wanted["CACHE_INSTANCE"] = f"projects/{project}/locations/{region}/instances/ion-cache"
            urls = {one: made.one(SERVICE, region=region, function=one).values["uri"] for one in PERSONAS}
            wanted |= {f"PERSONA_URL_{one.upper()}": url for one, url in urls.items()}
        asks = [one for one, entry in FUNCTIONS.items() if entry["kind"] != "persona"]
        callers = {"persona": [f"ion-{one}" for one in sorted(asks)], "worker": ["ion-pusher"]}.get(kind, [])
        if callers:
            wanted["INNER_CALLERS"] = ",".join(f"{one}@{project}.iam.gserviceaccount.com" for one in callers)
        if kind == "router":
            wanted["WARMING_TOPIC"] = f"cache-warming-{region}"
        for variable in ("CACHE_KEY_SECRET", "API_KEYS"):
            if kind in SECRETS[variable]["kinds"]:
                version = made.data[f'data.google_secret_manager_secret_version.set["{variable}"]']["version"]
                wanted[variable] = {"secret": f"projects/{number}/secrets/{SECRETS[variable]['secret']}", "version": version}
        found = given(service)
        names = {key for key in {*found, *wanted} if found.get(key) != wanted.get(key)}
        wrong = [f"{key}: {found.get(key)} and not {wanted.get(key)}" for key in names]
        assert wrong == [], f"{name} in {region} is given something else than its kind needs"


def test_a_revision_keeps_the_secret_that_it_was_made_with(made: Made) -> None:
    """`latest` changes below a revision that runs: half of the instances have the new key, and there is no way back."""
    for service in made.of(SERVICE):
        versions = {one["version"] for one in given(service).values() if isinstance(one, dict)}
        assert "latest" not in versions, service.address


def test_the_map_of_secrets_says_who_reads_what() -> None:
    table = {
        "CACHE_KEY_SECRET": ("cache-key-secret", ["router", "worker"], 90),
        "API_KEYS": ("api-keys", ["router"], 180),
        "JWT_KEY": ("jwt-key", ["router"], 180),
        "AUDIT_SECRET": ("audit-secret", ["router"], 365),
        "JWT_ISSUERS": ("jwt-issuers", ["router"], 365),
        "WEBHOOK_SECRETS": ("webhook-secrets", ["router", "worker"], 180),
        "MODEL_API_KEY": ("model-api-key", ["persona"], 90),
        "FALLBACK_MODEL_API_KEY": ("fallback-model-api-key", ["persona"], 90),
        "MODEL_VARIANTS_API_KEY": ("model-variants-api-key", ["persona"], 90),
        "SENTRY_DSN": ("sentry-dsn", ["router", "persona", "worker"], 365),
    }
    found = {name: (one["secret"], one["kinds"], one["rotation_days"]) for name, one in SECRETS.items()}
    assert found == table, "a kind more reads what it should not, a kind less does not start; a year is too long for a key"
