"""A start that would open what should be closed is refused, with one line that names the variable."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ion_mentoring.local.parts import free_port
from ion_mentoring.resources import ROOT
from ion_mentoring.wiring.batch import BatchFunction
from ion_mentoring.wiring.persona import PersonaFunction
from ion_mentoring.wiring.router import RouterFunction
from ion_mentoring.wiring.warming import WarmingFunction

REPOSITORY = ROOT.parent
KEYS = "acme:service:" + "0" * 64
WHOLE = {
    "ENVIRONMENT": "prod",
    "MODEL": "playbook",
    "CACHE_KEY_SECRET": "s",
    "STORE": "sqlite:///:memory:",
    "API_KEYS": KEYS,
    "INNER_CALLERS": "router@example.com",
}
SIGNED = {"JWT_ISSUER": "i", "JWT_AUDIENCE": "a"}

Function = Callable[[], object]


def lua() -> object:
    return PersonaFunction(card="ion_mentoring/personas/cards/lua.toml")


def without(name: str) -> dict[str, str]:
    return {key: value for key, value in WHOLE.items() if key != name}


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*WHOLE, *SIGNED, "JWT_KEY", "JWT_ALGORITHM", "K_SERVICE"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize("function", [RouterFunction, BatchFunction, WarmingFunction, lua])
@pytest.mark.parametrize("environ", [{}, {"ENVIRONMENT": ""}, {"ENVIRONMENT": "local"}])
def test_nobody_is_the_developer_where_cloud_run_serves(
    function: Function, environ: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {**without("ENVIRONMENT"), **environ, "K_SERVICE": "ion-router"}.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit, match=r"^ENVIRONMENT has to be"):
        function()


@pytest.mark.parametrize("environment", ["staging", "prod"])
@pytest.mark.parametrize(
    ("function", "environ", "named"),
    [
        (RouterFunction, without("API_KEYS"), "API_KEYS, JWT_KEY or JWT_ISSUERS"),
        (RouterFunction, without("STORE"), "STORE"),
        (RouterFunction, without("CACHE_KEY_SECRET"), "CACHE_KEY_SECRET"),
        (BatchFunction, without("CACHE_KEY_SECRET"), "CACHE_KEY_SECRET"),
        (BatchFunction, without("STORE"), "STORE"),
        (WarmingFunction, without("STORE"), "STORE"),
        (RouterFunction, without("MODEL"), "MODEL"),
        (BatchFunction, without("INNER_CALLERS"), "INNER_CALLERS"),
        (WarmingFunction, without("INNER_CALLERS"), "INNER_CALLERS"),
        (lua, without("INNER_CALLERS"), "INNER_CALLERS"),
        (RouterFunction, {**WHOLE, **SIGNED, "JWT_ALGORITHM": "HS256", "JWT_KEY": "hunter2"}, "JWT_KEY"),
        (RouterFunction, {**WHOLE, **SIGNED, "JWT_KEY": "hunter2"}, "JWT_KEY"),
        (RouterFunction, {**WHOLE, "JWT_KEY": "hunter2"}, "JWT_KEY"),
        (RouterFunction, {**WHOLE, "API_KEYS": "hunter2"}, "API_KEYS"),
    ],
)
def test_what_is_missing_or_weak_refuses_the_start_where_it_counts(
    function: Function, environ: dict[str, str], named: str, environment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {**environ, "ENVIRONMENT": environment}.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit) as refused:
        function()
    assert named in str(refused.value)
    assert "hunter2" not in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("function", [RouterFunction, BatchFunction, WarmingFunction, lua])
def test_with_all_that_it_needs_a_function_starts(function: Function, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {**WHOLE, "K_SERVICE": "ion"}.items():
        monkeypatch.setenv(name, value)
    function()


FRAMEWORK = [
    str(Path(sys.executable).with_name("functions-framework")),
    *("--target", "handle", "--source", str(REPOSITORY / "functions/router/main.py")),
]
SET = [sys.executable, "-m", "ion_mentoring.local.serve", "--root", str(REPOSITORY)]


@pytest.mark.parametrize(
    ("command", "environ", "named"),
    [
        (FRAMEWORK, {"K_SERVICE": "ion-router"}, "ENVIRONMENT"),
        (SET, {"K_SERVICE": "ion-router"}, "ENVIRONMENT"),
        (SET, without("STORE"), "STORE"),
        (SET, {**SIGNED, "JWT_ALGORITHM": "HS256", "JWT_KEY": "hunter2"}, "JWT_KEY"),
    ],
)
def test_a_refused_start_ends_at_once_with_one_line(command: list[str], environ: dict[str, str], named: str) -> None:
    ended = subprocess.run(
        command, env={**os.environ, "PORT": str(free_port()), **environ}, capture_output=True, text=True, timeout=30
    )
    assert ended.returncode != 0
    assert ended.stdout == ""
    (line,) = ended.stderr.splitlines()
    assert named in line
    assert "hunter2" not in line
