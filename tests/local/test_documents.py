"""What the documents tell people to type works, and what they show is what comes back."""

import json
import os
import re
import shlex
import signal
import subprocess
import sys
from pathlib import Path
from string import Template
from urllib.parse import urlsplit

import httpx2
import pytest

from ion_mentoring.access.api_keys import new_key
from ion_mentoring.access.caller import Role
from ion_mentoring.local.parts import free_port
from ion_mentoring.resources import ROOT
from ion_mentoring.settings.router import RouterSettings
from tests.gcloud_cli import gcloud_tree, unknown
from tests.local.conftest import Serve

REPOSITORY = ROOT.parent
DOCUMENTS = sorted([*REPOSITORY.glob("*.md"), *(REPOSITORY / "docs").rglob("*.md")])
FENCE = re.compile(r"^ *```sh(?:ell)?\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
KNOWN = {
    "make",
    "curl",
    "gcloud",
    "git",
    "terraform",
    "export",
    "openssl",
    "read",
    "python",
    "python3",
    ".venv-new/bin/pip",
    ".venv-new/bin/python",
    "find",
    "pip",
    "ion",
    "printf",
    "cat",
}  # each has its test below, but for what is the shell's: export, openssl, read; ion and its files in tests/cli
LINK = re.compile(r"\]\((?!https?:)([^)#]+)")


def lines() -> list[tuple[str, str]]:
    """Every line that a document tells people to type."""
    return [
        (path.name, line.strip())
        for path in DOCUMENTS
        for block in FENCE.findall(path.read_text(encoding="utf-8"))
        for line in block.splitlines()
        if line.strip()
    ]


def commands(kind: str) -> list[tuple[str, str]]:
    found = [(name, line.removeprefix("URL=$(")) for name, line in lines()]
    assert {line.split()[0] for _, line in found} <= KNOWN, "a command of a new kind needs a test of its own"
    return [(name, line) for name, line in found if line.split()[0] == kind]


@pytest.mark.parametrize(("document", "command"), commands("make"))
def test_a_make_target_that_is_named_is_there(document: str, command: str) -> None:
    plan = subprocess.run([*shlex.split(command), "--dry-run"], cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert plan.returncode == 0, plan.stderr


def test_a_curl_that_is_shown_is_answered(serve: Serve) -> None:
    client = serve().client
    for document, command in (found for found in commands("curl") if "$URL" not in found[1]):
        headers, sent, url = _curled(command)
        path = urlsplit(url).path
        response = client.post(path, content=sent, headers=headers) if sent else client.get(path, headers=headers)
        assert response.status_code == 200, document
        if sent:
            assert response.json()["metadata"]["degraded"] == [], document


def _curled(command: str) -> tuple[dict[str, str], bytes, str]:
    """The headers, the body and the address of a call, without keys, which one's own set does not ask for."""
    words, headers, sent, url = iter(shlex.split(command.split(" | ")[0])[1:]), {}, b"", ""
    for word in words:
        if word == "-H":
            name, value = next(words).split(": ")
            headers |= {} if value.startswith("$") else {name: value}
        elif word == "-d":
            sent = next(words).encode()
        elif word != "-s":
            url = word
    return headers, sent, url


@pytest.mark.parametrize("page", ["README.md", "README.ko.md", "access-http.md"])
def test_the_commands_about_keys_do_what_the_page_says(serve: Serve, page: str) -> None:
    first = new_key("boss", Role.ADMIN)
    client = serve(ENVIRONMENT="prod", MODEL="playbook", API_KEYS=first.line, CACHE_KEY_SECRET="s").client
    values = {"URL": "", "BOSS": first.secret}
    told = [command for name, command in commands("curl") if name == page and "$URL" in command]
    assert len(told) >= 2
    for command in told:
        _, _, path, *rest = shlex.split(Template(command).substitute(values))
        options = list(zip(rest[::2], rest[1::2], strict=True))
        body, method = (dict(options).get(option) for option in ("-d", "-X"))
        headers = dict(value.split(": ") for option, value in options if option == "-H")
        content = body.encode() if body else None
        answer = client.request(method or ("POST" if body else "GET"), path, headers=headers, content=content)
        assert answer.status_code == 200, command
        if "api_key" in answer.json():
            values |= {"KEY": answer.json()["api_key"], "ID": answer.json()["key"]["id"]}


@pytest.mark.slow
@pytest.mark.parametrize("line", sorted({line for _, line in commands("make") if " run MODEL=" in f" {line}"}))
def test_each_line_that_switches_to_a_real_model_does(stand_in: str, tmp_path: Path, line: str) -> None:
    """The line as it stands, but for where it asks: the stand-in vendor instead of the real one."""
    vendor_of = line.partition("MODEL=")[2].partition(":")[0]
    port = free_port()
    where = {"openai": f"MODEL_URL={stand_in}/v1", "gemini": f"MODEL_URL={stand_in} MODEL_API_KEY=none"}[vendor_of]
    words = [word for word in shlex.split(line) if not word.startswith("MODEL_URL=")]
    process = subprocess.Popen(
        [*words, *where.split(), f"PORT={port}", f"STORE=sqlite:///{tmp_path}/ion.sqlite3"],
        cwd=REPOSITORY,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        assert process.stdout is not None
        assert any("Ctrl-C" in said for said in process.stdout)
        body = {"user_input": "How do I prepare for a job interview?"}
        answer = httpx2.post(f"http://127.0.0.1:{port}/api/v2/process", json=body, timeout=30).json()
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(30)
        process.stdout.close()  # type: ignore[union-attr]
    assert answer["content"].startswith("One small step at a time.")
    assert answer["metadata"]["model"] in line
    assert answer["metadata"]["degraded"] == []


def test_the_answer_in_the_readme_is_the_one_that_comes(serve: Serve) -> None:
    text = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    shown = json.loads(re.findall(r"^```json\n(.*?)^```", text, re.MULTILINE | re.DOTALL)[0])
    command = next(line for name, line in commands("curl") if name == "README.md" and "/process" in line)
    came = (
        serve()
        .client.post("/api/v2/process", content=shlex.split(command)[-1].encode(), headers={"content-type": "application/json"})
        .json()
    )
    for field in ("persona_used", "resonance_key", "confidence"):
        assert came[field] == shown[field]
    for field in shown["routing"]:
        assert came["routing"][field] == shown["routing"][field]
    assert came["content"].startswith(shown["content"].removesuffix(" ..."))
    assert set(shown) == set(came)


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_a_link_leads_somewhere(path: Path) -> None:
    for target in LINK.findall(path.read_text(encoding="utf-8")):
        assert (path.parent / target).exists(), target


def test_every_setting_is_documented() -> None:
    text = (REPOSITORY / "docs" / "settings.md").read_text(encoding="utf-8")
    groups = [field.annotation for field in RouterSettings.model_fields.values()]
    names = {name.upper() for group in groups for name in group.model_fields if name != "urls"}  # type: ignore[union-attr]
    assert {name for name in names if name not in text} == set()


def test_every_gcloud_command_is_one_that_the_cli_knows() -> None:
    tree = gcloud_tree()
    found = [(name, line[line.find("gcloud ") :]) for name, line in lines() if "gcloud " in line]
    assert len(found) > 40
    for name, line in found:
        command = shlex.split(line.partition(" | ")[0].rstrip(")"))[1:]
        assert unknown(tree, command) is None, f"{name}: {line}"


@pytest.mark.parametrize(("document", "command"), commands("python"))
def test_a_program_that_is_named_knows_these_options(document: str, command: str) -> None:
    words = shlex.split(command)
    program = words[1:3] if words[1] == "-m" else words[1:2]
    told = subprocess.run([sys.executable, *program, "--help"], cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr
    assert {word for word in words if word.startswith("--")} <= {*re.findall(r"--[a-z-]+", told.stdout)}, document


def test_the_environment_beside_the_old_one_is_made_of_what_is_there() -> None:
    assert {line for _, line in commands("python3")} == {"python3 -m venv .venv-new"}
    for _, line in commands(".venv-new/bin/pip"):
        assert shlex.split(line)[1:3] == ["install", "--no-deps"]
        assert (REPOSITORY / shlex.split(line)[-1]).exists(), line
    assert {line for _, line in commands("find")} == {'find . -name "*.py.bak*" -delete'}  # the copies of --live
    assert {line for _, line in commands(".venv-new/bin/python")} == {".venv-new/bin/python -m pytest YOUR_TESTS"}


def test_what_pip_installs_is_there() -> None:
    assert {line for _, line in commands("pip")} == {"pip install ./cli"}
    assert (REPOSITORY / "cli/pyproject.toml").is_file()


def test_git_only_goes_to_the_commit_that_runs() -> None:
    assert {line for _, line in commands("git")} == {"git checkout COMMIT"}


def test_every_terraform_command_names_a_root_and_resources_that_are_there() -> None:
    found = [line for _, line in commands("terraform")]
    assert {line.split()[2] for line in found} == {"init", "state", "import", "force-unlock"}
    resources = (REPOSITORY / "infra/terraform/modules/global/database.tf").read_text(encoding="utf-8")
    for line in found:
        root = re.sub(r"\$ENVIRONMENT", "prod", line.split()[1].removeprefix("-chdir="))
        assert (REPOSITORY / root / "main.tf").is_file(), line
        for kind, name in re.findall(r"module\.ion\.module\.global\.(\w+)\.(\w+)", line):
            assert f'resource "{kind}" "{name}"' in resources, line
