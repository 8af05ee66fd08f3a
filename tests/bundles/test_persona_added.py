"""A persona is data: one that is added in a copy of the repository is routed to, and nothing else had to know it."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from infra import persona

pytestmark = pytest.mark.slow

CARD = "shared/ion_mentoring/personas/cards/sena.toml"
KEY = "calm-medium-planning"

# Serves one function of the copy in this process, as functions-framework does, and prints what it answers.
ASK = """
import asyncio, json, sys
import httpx2, ion_mentoring
from functions_framework.aio import create_asgi_app
function, path, body = sys.argv[1:]
async def ask():
    app = create_asgi_app("handle", f"functions/{function}/main.py", "http")
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://here") as client:
        response = await (client.post(path, json=json.loads(body)) if body else client.get(path))
    print(json.dumps({"from": ion_mentoring.__file__, "status": response.status_code, "body": response.json()}))
asyncio.run(ask())
"""


def ask(root: Path, function: str, path: str, body: dict[str, Any] | None = None) -> Any:
    """A function's answer, from the code of the repository at `root`."""
    environment = {**os.environ, "PYTHONPATH": str(root / "shared"), "STORE": "sqlite:///:memory:"}
    command = [sys.executable, "-c", ASK, function, path, json.dumps(body) if body else ""]
    done = subprocess.run(command, cwd=root, env=environment, check=True, capture_output=True, text=True)
    (said,) = [line for line in done.stdout.splitlines() if line.startswith('{"from"')]  # among the lines of the log
    answer: dict[str, Any] = json.loads(said)
    assert answer["from"].startswith(str(root))
    assert answer["status"] == 200, answer
    return answer["body"]


@pytest.fixture
def grown(copy: Path) -> Path:
    """A copy with Sena in it."""
    assert persona.main(["sena", "--root", str(copy)]) == 0
    return copy


def process(root: Path, **more: Any) -> dict[str, Any]:
    question = {"user_input": "I failed my exam and I feel like a fraud", "resonance_key": KEY, **more}
    answer: dict[str, Any] = ask(root, "router", "/api/v2/process", question)
    return answer


def test_a_starter_changes_nobodys_routing_and_answers_when_asked_for(grown: Path) -> None:
    assert process(grown)["persona_used"] != "Sena"
    answer = process(grown, persona="sena")
    assert answer["persona_used"] == "Sena"
    assert "trap" in answer["metadata"]["plan"], "which the starter's card looks at beside any answer"


def test_an_edited_card_is_routed_to(grown: Path) -> None:
    card = grown / CARD
    text = card.read_text(encoding="utf-8")
    for part in ("calm", "medium", "planning"):
        text = text.replace(f"\n{part} = 0.5\n", f"\n{part} = 1.0\n")
    card.write_text(text, encoding="utf-8")
    answer = process(grown)
    assert answer["persona_used"] == "Sena"
    assert answer["routing"]["scores"]["sena"] == 1.0


def test_the_new_persona_stands_in_the_list_after_the_others(grown: Path) -> None:
    listed = [one["id"] for one in ask(grown, "router", "/api/v2/personas")]
    assert listed[-1] == "sena"
    assert len(listed) > 1


def test_the_new_function_answers_for_itself(grown: Path) -> None:
    assert ask(grown, "sena", "/health")["persona"] == "sena"
    key = dict(zip(("tone", "pace", "intent"), KEY.split("-"), strict=True))
    answer = ask(grown, "sena", "/answer", {"text": "도와주세요", "key": key, "language": "ko"})
    assert (answer["persona"], answer["language"]) == ("sena", "ko")
