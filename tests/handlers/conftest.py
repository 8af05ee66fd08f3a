"""A router as its settings build it, asked through its real handler."""

from collections.abc import AsyncIterator, Callable, Mapping
from pathlib import Path

import httpx2
import pytest

from ion_mentoring.access.api_keys import NewKey, new_key
from ion_mentoring.access.caller import Role
from ion_mentoring.handlers.web.app import App
from ion_mentoring.settings.router import RouterSettings
from ion_mentoring.wiring.router import build
from tests.fakes import client
from tests.handlers.batch_set import BatchSet, batch_set

LAPTOP = {"STORE": "sqlite:///:memory:"}

BuildRouter = Callable[[Mapping[str, str]], App]


@pytest.fixture(scope="module")
def laptop() -> App:
    return build(RouterSettings.read(LAPTOP))


@pytest.fixture
def fresh_laptop() -> App:
    """One that has refused nobody yet."""
    return build(RouterSettings.read(LAPTOP))


@pytest.fixture
async def router(laptop: App) -> AsyncIterator[httpx2.AsyncClient]:
    async with client(laptop) as asked:
        yield asked


@pytest.fixture(scope="session")
def service_key() -> NewKey:
    return new_key("acme", Role.SERVICE)


@pytest.fixture(scope="session")
def mentee_key() -> NewKey:
    return new_key("kim", Role.MENTEE)


@pytest.fixture(scope="session")
def operator_key() -> NewKey:
    return new_key("ops", Role.OPERATOR)


@pytest.fixture
def cloud_settings(service_key: NewKey, mentee_key: NewKey, operator_key: NewKey) -> dict[str, str]:
    keys = ",".join(key.line for key in (service_key, mentee_key, operator_key))
    return {
        **LAPTOP,
        "ENVIRONMENT": "prod",
        "MODEL": "playbook",
        "CACHE_KEY_SECRET": "s" * 32,
        "API_KEYS": keys,
        "FORWARDED_HOPS": "2",
    }


@pytest.fixture
async def cloud(cloud_settings: dict[str, str]) -> AsyncIterator[httpx2.AsyncClient]:
    async with client(build(RouterSettings.read(cloud_settings))) as asked:
        yield asked


@pytest.fixture
async def batches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[BatchSet]:
    """A set on a laptop."""
    async with batch_set({"STORE": f"sqlite:///{tmp_path}/ion.sqlite3"}, monkeypatch.setenv) as made:
        yield made


@pytest.fixture
async def closed_batches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[BatchSet]:
    """A set where callers have keys."""
    keys = {
        **{name: new_key(name, Role.SERVICE) for name in ("acme", "other")},
        "kim": new_key("kim", Role.MENTEE),
        "boss": new_key("boss", Role.ADMIN),
        "stranger": new_key("another-tenant/boss", Role.ADMIN),
    }
    settings = {
        "STORE": f"sqlite:///{tmp_path}/ion.sqlite3",
        "ENVIRONMENT": "prod",
        "MODEL": "playbook",
        "CACHE_KEY_SECRET": "s" * 32,
        "API_KEYS": ",".join(key.line for key in keys.values()),
        "BATCH_ITEMS_PER_DAY": "50",
        "WEBHOOK_SECRETS": "w" * 32,
    }
    async with batch_set(settings, monkeypatch.setenv, keys) as made:
        yield made
