"""The commands and flags of the Google Cloud CLI, as it keeps them itself for completing what one types."""

import ast
import shutil
import subprocess
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest


@cache  # of some megabytes
def gcloud_tree() -> dict[str, Any]:
    """All commands, with their flags; whoever needs it is skipped, loudly, where there is no CLI."""
    if shutil.which("gcloud") is None:
        pytest.skip("LOUD: gcloud is not installed, so commands of the Google Cloud CLI are NOT checked")
    asking = ["gcloud", "info", "--format=value(installation.sdk_root)"]
    root = subprocess.run(asking, capture_output=True, text=True, check=True).stdout.strip()
    source = (Path(root) / "data/cli/gcloud_completions.py").read_text(encoding="utf-8")
    tree: dict[str, Any] = ast.literal_eval(source.partition("STATIC_COMPLETION_CLI_TREE =")[2].strip())
    return tree


def unknown(tree: dict[str, Any], words: Sequence[str]) -> str | None:
    """What the CLI would not know of a command (its words after `gcloud`); None if it knows all of it."""
    command, node, flags = list(words), tree, set(tree["flags"])
    while command and command[0] in node["commands"]:
        node = node["commands"][command.pop(0)]
        flags |= set(node["flags"])
    if node["commands"]:
        return "it is no command"
    asked = {word.partition("=")[0] for word in command if word.startswith("--")}
    known = flags | {flag.replace("--no-", "--") for flag in flags}
    return ", ".join(sorted({flag.replace("--no-", "--") for flag in asked} - known)) or None
