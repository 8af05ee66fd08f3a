"""Settings come from the environment, are checked at start, and never show a value when they are wrong."""

import pytest

from ion_mentoring.errors import SettingsInvalid
from ion_mentoring.settings.models import ModelChoice
from ion_mentoring.settings.persona import PersonaSettings
from ion_mentoring.settings.router import RouterSettings
from ion_mentoring.settings.worker import WorkerSettings

KMS = "projects/p/locations/l/keyRings/r"


def test_an_empty_environment_is_a_laptop() -> None:
    settings = RouterSettings.read({})
    assert settings.deployment.environment == "local"
    assert settings.models.model == "playbook"
    assert settings.access.rate_limit_per_minute == 6_000
    assert settings.cache.cache_url is None
    assert settings.cache.cache_local_bytes == 64 * 1024 * 1024
    assert settings.store.store.startswith("sqlite:///")
    assert settings.personas.urls == {}


def test_elsewhere_the_defaults_are_strict() -> None:
    settings = RouterSettings.read({"ENVIRONMENT": "dev"})
    assert settings.access.rate_limit_per_minute == 100
    assert settings.access.forwarded_hops == 2


def test_a_variable_set_to_nothing_is_unset() -> None:
    assert RouterSettings.read({"CACHE_URL": " ", "RATE_LIMIT_PER_MINUTE": ""}).cache.cache_url is None


def test_personas_are_where_their_urls_say() -> None:
    settings = WorkerSettings.read({"PERSONA_URL_LUA": "https://lua.run.app/", "PERSONA_URL_SENA": "http://127.0.0.1:1"})
    assert settings.personas.urls == {"lua": "https://lua.run.app", "sena": "http://127.0.0.1:1"}


@pytest.mark.parametrize(
    ("environ", "name"),
    [
        ({"ENVIRONMENT": "moon"}, "ENVIRONMENT"),
        ({"MODEL": "nonsense"}, "MODEL"),
        ({"MODEL_THINKING": "deeply"}, "MODEL_THINKING"),
        ({"FALLBACK_MODEL_THINKING": "0"}, "FALLBACK_MODEL_THINKING"),
        ({"MODEL": "openai:m", "MODEL_URL": "http://host/v1", "MODEL_THINKING": "512"}, "openai:m thinks by level"),
        ({"RATE_LIMIT_PER_MINUTE": "0"}, "RATE_LIMIT_PER_MINUTE"),
        ({"RATE_LIMIT_PER_MINUTE": "many"}, "RATE_LIMIT_PER_MINUTE"),
        ({"REQUEST_TIMEOUT_S": "-1"}, "REQUEST_TIMEOUT_S"),
        ({"STORE": "postgres://x"}, "STORE"),
        ({"PERSONA_URL_LUA": "lua.run.app"}, "PERSONA_URL_LUA"),
        ({"JWT_ALGORITHM": "none"}, "JWT_ALGORITHM"),
        ({"JWT_KEY": "k"}, "JWT_ISSUER"),
        ({"CACHE_TTL_S": "0"}, "CACHE_TTL_S"),
    ],
)
def test_what_is_wrong_is_named_and_not_shown(environ: dict[str, str], name: str) -> None:
    with pytest.raises(SettingsInvalid, match=name) as raised:
        RouterSettings.read(environ)
    assert raised.value.__cause__ is None


def test_a_secret_never_shows() -> None:
    settings = RouterSettings.read({"CACHE_URL": "redis://:hunter2@host", "SENTRY_DSN": "https://hunter2@sentry.example/1"})
    assert "hunter2" not in repr(settings)
    with pytest.raises(SettingsInvalid) as raised:
        RouterSettings.read({"STORE": "mysql://hunter2"})
    assert "hunter2" not in str(raised.value)


@pytest.mark.parametrize(
    "dsn", ["sentry", "https://sentry/1", "https://hunter2@sentry", "ftp://hunter2@sentry/1", "https://hunter2@sentry/x"]
)
def test_a_wrong_dsn_is_refused_at_the_start_and_not_shown(dsn: str) -> None:
    with pytest.raises(SettingsInvalid, match="SENTRY_DSN") as raised:
        RouterSettings.read({"SENTRY_DSN": dsn})
    assert "hunter2" not in str(raised.value)


@pytest.mark.parametrize("environment", ["staging", "prod"])
def test_nobody_gets_the_playbook_in_production_by_accident(environment: str) -> None:
    with pytest.raises(SettingsInvalid, match="MODEL has to be set"):
        PersonaSettings.read({"ENVIRONMENT": environment})
    chosen = {"ENVIRONMENT": environment, "MODEL": "playbook", "INNER_CALLERS": "router@example.com"}
    assert PersonaSettings.read(chosen).models.model == "playbook"


@pytest.mark.parametrize("kind", [PersonaSettings, WorkerSettings])
@pytest.mark.parametrize(
    ("environ", "said"),
    [
        ({}, "INNER_CALLERS has to be set"),
        ({"INNER_CALLERS": "everybody"}, "INNER_CALLERS"),
        ({"INNER_SECRET": "hunter2"}, "INNER_SECRET"),
        ({"INNER_SECRET": "s" * 32, "K_SERVICE": "ion-lua"}, "INNER_SECRET is for the local set"),
    ],
)
def test_a_function_that_anybody_could_call_does_not_start(
    environ: dict[str, str], said: str, kind: type[PersonaSettings | WorkerSettings]
) -> None:
    strict = {"ENVIRONMENT": "prod", "MODEL": "playbook", "STORE": "sqlite:///x", "CACHE_KEY_SECRET": "s"}
    with pytest.raises(SettingsInvalid, match=said) as raised:
        kind.read({**strict, **environ})
    assert "hunter2" not in str(raised.value)


def test_every_model_thinks_as_much_as_its_own_setting_says() -> None:
    environ = {"MODEL": "gemini:a", "FALLBACK_MODEL": "gemini:b", "MODEL_API_KEY": "k", "MODEL_THINKING": "512"}
    first, second = RouterSettings.read(environ).models.vendors
    assert (first.thinking, second.thinking) == ("512", None)
    first, second = RouterSettings.read({**environ, "FALLBACK_MODEL_THINKING": "low"}).models.vendors
    assert (first.thinking, second.thinking) == ("512", "low")


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="frozen"):
        RouterSettings.read({}).deployment.region = "x"


@pytest.mark.parametrize(
    ("environ", "said"),
    [
        ({"CACHE_URL": "redis://host", "CACHE_INSTANCE": "projects/p/locations/r/instances/i"}, "one of them"),
        ({"CACHE_INSTANCE": "answers"}, "CACHE_INSTANCE"),
        ({"CACHE_SOFT_TTL_S": "10", "CACHE_TTL_S": "5"}, "CACHE_SOFT_TTL_S"),
        ({"CACHE_URL": "redis://host", "ENVIRONMENT": "prod", "MODEL": "playbook"}, "CACHE_KEY_SECRET"),
        ({"STORE": "firestore://p", "ENVIRONMENT": "prod", "MODEL": "playbook", "CACHE_KEY_SECRET": "s"}, "SEALING_KMS_KEY"),
        ({"SEALING_KMS_KEY": "projects/p/keys/k"}, "SEALING_KMS_KEY"),
        ({"SEALING_KMS_KEY": f"{KMS}/cryptoKeys/k", "SEALING_KEY_FILE": "x"}, "SEALING_KMS_KEY"),
    ],
)
def test_caches_that_contradict_themselves_are_refused(environ: dict[str, str], said: str) -> None:
    with pytest.raises(SettingsInvalid, match=said):
        RouterSettings.read(environ)


VARIED = {"MODEL": "openai:usual", "MODEL_URL": "http://usual/v1", "MODEL_API_KEY": "key"}


def test_variants_of_a_model_have_its_address_and_key_unless_they_have_their_own() -> None:
    names = "fast=openai:quick, wise=gemini:pro book=playbook"
    choice = ModelChoice.read({**VARIED, "MODEL_VARIANTS": names, "GOOGLE_CLOUD_PROJECT": "p"})
    assert choice.variants == {"fast": "openai:quick", "wise": "gemini:pro", "book": "playbook"}
    fast, wise = choice.variant("fast"), choice.variant("wise")
    assert fast
    assert wise
    assert (fast.url, fast.api_key and fast.api_key.get_secret_value()) == ("http://usual/v1", "key")
    assert (wise.url, wise.api_key, wise.project) == (None, None, "p")
    assert choice.variant("book") is None
    own = {"MODEL_VARIANTS": "fast=openai:quick", "MODEL_VARIANTS_URL": "http://other/v1", "MODEL_VARIANTS_API_KEY": "other"}
    fast = ModelChoice.read({**VARIED, **own}).variant("fast")
    assert fast
    assert (fast.url, fast.api_key and fast.api_key.get_secret_value()) == ("http://other/v1", "other")


@pytest.mark.parametrize(
    ("variants", "more", "said"),
    [
        ("fast", {}, "MODEL_VARIANTS: entry 1 is not name=model"),
        ("fast=openai:a fast=openai:b", {}, "MODEL_VARIANTS: entry 2 is not name=model"),
        ("Fast=openai:a", {}, "MODEL_VARIANTS: entry 1"),
        ("fast=llama", {}, "MODEL_VARIANTS: entry 1"),
        ("wise=gemini:pro", {}, "gemini:pro needs GOOGLE_CLOUD_PROJECT"),
        ("fast=openai:a", {"MODEL": "gemini:x", "GOOGLE_CLOUD_PROJECT": "p"}, "a variant: MODEL_VARIANTS_URL"),
        (
            "fast=openai:a wise=gemini:pro",
            {"MODEL_VARIANTS_URL": "http://other/v1", "GOOGLE_CLOUD_PROJECT": "p"},
            "models of one vendor share MODEL_VARIANTS_URL",
        ),
    ],
)
def test_a_variant_that_cannot_be_asked_stops_the_start(variants: str, more: dict[str, str], said: str) -> None:
    with pytest.raises(SettingsInvalid) as raised:
        ModelChoice.read({**VARIED, "MODEL_VARIANTS": variants, **more})
    assert said in str(raised.value)
