"""The real main.py of each function is a door and nothing more."""

import ast
import json

import httpx2
import pytest
from functions_framework.aio import create_asgi_app

from ion_mentoring.local.functions import MAP, listed
from ion_mentoring.resources import ROOT

REPOSITORY = ROOT.parent
FUNCTIONS = listed(REPOSITORY)
ALLOWED = {"starlette.requests", "starlette.responses"}


@pytest.mark.parametrize("name", [function.name for function in FUNCTIONS])
def test_a_main_is_short_and_imports_no_sibling(name: str) -> None:
    source = (REPOSITORY / "functions" / name / "main.py").read_text(encoding="utf-8")
    imported = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            imported |= {alias.name for alias in node.names}
        if isinstance(node, ast.ImportFrom):
            imported.add(node.module)
    assert len(source.splitlines()) <= 20
    assert {module for module in imported - ALLOWED if module} == {
        one for one in imported if str(one).startswith("ion_mentoring.wiring.")
    }


def test_the_map_and_the_folders_name_the_same_functions() -> None:
    folders = {path.parent.name for path in (REPOSITORY / "functions").glob("*/main.py")}
    assert folders == set(json.loads((REPOSITORY / MAP).read_text(encoding="utf-8")))


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.name)
async def test_a_function_starts_as_the_framework_starts_it_and_is_alive(
    function: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STORE", "sqlite:///:memory:")
    app = create_asgi_app("handle", str(REPOSITORY / "functions" / function.name / "main.py"), "http")  # type: ignore[attr-defined]
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://function") as client:
        health = await client.get("/health")
        nothing = await client.get("/nothing")
    assert health.json()["status"] == "healthy"
    assert nothing.status_code == 404
    assert nothing.json()["error"]["code"] == "NOT_FOUND"
