"""Each bundle, unpacked and installed by itself, starts as on the platform and answers."""

import base64
import io
import json
import os
import socket
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest

from infra.bundle import Bundle
from infra.bundling.lock import Pin
from infra.functions import read_map
from ion_mentoring.personas.contract import PersonaRequest
from ion_mentoring.understanding.resonance.key import ResonanceKey

pytestmark = pytest.mark.slow

REPOSITORY = Path(__file__).resolve().parents[2]
KINDS = {name: (entry["kind"], entry.get("topic")) for name, entry in read_map(REPOSITORY).items()}
STARTS_WITHIN_S = 60
TEXT = "I failed my exam and I feel like a fraud"

# In each environment, Python runs this before anything else: whoever reaches for the repository, or for the environment
# that the tests run in, gets an error. So an answer proves that the bundle holds all that it needs.
GUARD = """
import os, sys
FORBIDDEN = {forbidden!r}
def refuse(event, args):
    if event in ("open", "os.listdir", "os.scandir") and isinstance(args[0], (str, bytes)):
        path = os.path.realpath(os.fsdecode(args[0]))
        if any(path == folder or path.startswith(folder + os.sep) for folder in FORBIDDEN):
            raise PermissionError(f"{{path}} is out of bounds")
sys.addaudithook(refuse)
"""


@dataclass(frozen=True, slots=True)
class Environment:
    """A virtual environment with exactly one requirements.txt in it, and what `pip check` says of that."""

    folder: Path
    checked: str = ""

    def program(self, name: str) -> str:
        return str(self.folder / "bin" / name)

    def variables(self, **more: str) -> dict[str, str]:
        """What a program is started with: nothing of the tests' own environment."""
        return {"PATH": f"{self.folder / 'bin'}:/usr/bin:/bin", "HOME": str(self.folder), "LANG": "C.UTF-8", **more}


Environments = Callable[[tuple[Pin, ...]], Environment]


def pip(*arguments: str) -> str:
    """What pip says, the tests' own: the environments have none, since no bundle pins it."""
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", *arguments]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


@pytest.fixture(scope="session")
def wheels(made: Mapping[str, Bundle], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what is pinned, which the package index is asked for once."""
    folder = tmp_path_factory.mktemp("wheels")
    requirements = folder / "requirements.txt"
    requirements.write_text("".join(sorted({pin.lines for one in made.values() for pin in one.pins})))
    pip("download", "--require-hashes", "--no-deps", "--dest", str(folder), "-r", str(requirements))
    return folder


@pytest.fixture(scope="session")
def environments(wheels: Path, tmp_path_factory: pytest.TempPathFactory) -> Environments:
    """An environment by its pins; functions with the same pins share one."""
    known: dict[tuple[Pin, ...], Environment] = {}

    def environment(pins: tuple[Pin, ...]) -> Environment:
        if pins not in known:
            known[pins] = _new_environment(tmp_path_factory.mktemp("environment"), pins, wheels)
        return known[pins]

    return environment


def _new_environment(folder: Path, pins: tuple[Pin, ...], wheels: Path) -> Environment:
    there = f"--python={folder / 'bin/python'}"
    requirements = folder / "requirements.txt"
    requirements.write_text("".join(pin.lines for pin in pins))
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    # Without dependencies, since the pins have to hold all of them.
    kept = ("--require-hashes", "--no-deps", "--no-compile", "--no-index", f"--find-links={wheels}")
    pip(there, "install", *kept, "-r", str(requirements))
    checked = pip(there, "check")  # the guard would refuse it
    (packages,) = folder.glob("lib/python*/site-packages")
    forbidden = [str(REPOSITORY), *([os.path.realpath(sys.prefix)] if sys.prefix != sys.base_prefix else [])]
    (packages / "sitecustomize.py").write_text(GUARD.format(forbidden=forbidden))
    return Environment(folder, checked)


def unpack(bundle: Bundle, folder: Path) -> Path:
    with zipfile.ZipFile(io.BytesIO(bundle.content)) as archive:
        archive.extractall(folder)
    return folder


@contextmanager
def started(environment: Environment, folder: Path, **variables: str) -> Iterator[str]:
    """The URL of the function in `folder`, served as on the platform; stopped at the end."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [environment.program("functions-framework"), "--target", "handle", "--source", "main.py", "--port", str(port)]
    log = folder.parent / "server.log"
    with log.open("wb") as written:
        server = subprocess.Popen(
            command, cwd=folder, env=environment.variables(**variables), stdout=written, stderr=subprocess.STDOUT
        )
    try:
        _wait(server, port, log)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(timeout=20)


def _wait(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    until = time.monotonic() + STARTS_WITHIN_S
    while time.monotonic() < until and server.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    pytest.fail(f"the server did not start:\n{log.read_text(errors='replace')}")


def run(environment: Environment, folder: Path, source: str) -> subprocess.CompletedProcess[str]:
    """A few lines of Python in an environment and an unpacked bundle."""
    command = [environment.program("python"), "-c", source]
    return subprocess.run(command, cwd=folder, env=environment.variables(), capture_output=True, text=True)


def ask(url: str, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
    with httpx2.Client(base_url=url, trust_env=False, timeout=30) as client:
        response = client.post(path, json=body)
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    return answer


def push(message: Mapping[str, Any]) -> dict[str, Any]:
    return {"message": {"data": base64.b64encode(json.dumps(message).encode()).decode(), "messageId": "1"}}


def check_router(url: str, _name: str) -> None:
    answer = ask(url, "/api/v2/process", {"user_input": TEXT})
    assert answer["success"] is True
    assert answer["persona_used"]
    assert len(answer["content"]) > 100
    with httpx2.Client(base_url=url, trust_env=False, timeout=30) as client:
        for page in ("/", "/style.css", "/docs", "/docs/assets/swagger-ui.css", "/docs/migration", "/openapi.json"):
            assert client.get(page).status_code == 200, page


def check_persona(url: str, name: str) -> None:
    question = PersonaRequest(text=TEXT, key=ResonanceKey.parse("anxious-medium-seek_advice"))
    answer = ask(url, "/answer", json.loads(question.model_dump_json()))
    assert answer["persona"] == name
    assert len(answer["content"]) > 100


def check_batch(url: str, _name: str) -> None:
    answer = ask(url, "/", push({"batch_id": "b", "requests": [{"user_input": TEXT}, {"user_input": ""}]}))
    assert (answer["answered"], answer["failed"], answer["left"]) == (1, 1, 0)


def check_warming(url: str, _name: str) -> None:
    answer = ask(url, "/", push({"scope": "popular"}))
    assert answer["filled"] == 0
    assert answer["refused"] > 0  # there is no L2 here that could be filled


CHECKS = {
    ("router", None): check_router,
    ("persona", None): check_persona,
    ("worker", "mentoring-batch"): check_batch,
    ("worker", "cache-warming"): check_warming,
}


@pytest.mark.parametrize("name", KINDS)
def test_a_bundle_starts_by_itself_and_answers(
    made: Mapping[str, Bundle], environments: Environments, tmp_path: Path, name: str
) -> None:
    bundle = made[name]
    environment = environments(bundle.pins)
    folder = unpack(bundle, tmp_path / "unpacked")
    with started(environment, folder, STORE="sqlite:///:memory:") as url:
        CHECKS[KINDS[name]](url, name)


@pytest.mark.parametrize("name", KINDS)
def test_what_is_installed_is_what_is_pinned_and_nothing_else(
    made: Mapping[str, Bundle], environments: Environments, name: str
) -> None:
    environment = environments(made[name].pins)
    listing = "from importlib.metadata import distributions\nfor one in distributions(): print(one.name, one.version, sep='==')"
    listed = run(environment, environment.folder, listing).stdout.split()
    assert {_normal(one) for one in listed} == set(map(str, made[name].pins))
    assert environment.checked == "No broken requirements found.\n"


@pytest.mark.parametrize("name", KINDS)
def test_every_module_of_a_bundle_can_be_imported_by_itself(
    made: Mapping[str, Bundle], environments: Environments, tmp_path: Path, name: str
) -> None:
    """Adapters of vendors are imported late: an answer alone would not tell that one of them lacks something."""
    folder = unpack(made[name], tmp_path / "unpacked")
    modules = [".".join(file.with_suffix("").parts).removesuffix(".__init__") for file in made[name].closure.modules]
    source = f"import importlib\nfor name in {modules}: print(importlib.import_module(name).__file__)"
    files = run(environments(made[name].pins), folder, source).stdout.split()
    assert len(files) == len(modules) > 0
    assert {Path(file).is_relative_to(folder) for file in files} == {True}


def test_the_router_can_verify_tokens_by_a_public_key(
    made: Mapping[str, Bundle], environments: Environments, tmp_path: Path
) -> None:
    source = "import jwt; print({'RS256', 'ES256'} <= set(jwt.algorithms.get_default_algorithms()))"
    assert run(environments(made["router"].pins), tmp_path, source).stdout == "True\n"


def test_a_bundle_that_lacks_a_data_file_would_be_found_out(
    made: Mapping[str, Bundle], environments: Environments, tmp_path: Path
) -> None:
    folder = unpack(made["router"], tmp_path / "unpacked")
    (folder / "ion_mentoring/understanding/safety/signs.toml").unlink()
    with (
        started(environments(made["router"].pins), folder, STORE="sqlite:///:memory:") as url,
        pytest.raises(AssertionError, match="500 == 200"),
    ):
        check_router(url, "router")


def test_the_guard_keeps_the_repository_and_this_environment_out(
    made: Mapping[str, Bundle], environments: Environments, tmp_path: Path
) -> None:
    environment = environments(made["router"].pins)
    reach = f"open({str(REPOSITORY / 'requirements.txt')!r})"
    done = run(environment, tmp_path, reach)
    assert done.returncode == 1
    assert "is out of bounds" in done.stderr


def _normal(pin: str) -> str:
    name, equals, version = pin.partition("==")
    return name.lower().replace("_", "-").replace(".", "-") + equals + version
