"""Things are made in an order in which each finds what it needs: the real cloud refuses what Terraform alone would not."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from infra.releasing.stack import TERRAFORM
from tests.terraform.conftest import REPOSITORY, Initialised, Plan, run
from tests.terraform.wanted import read

TABLE = read("order")
EDGE = re.compile(r'"\[root\] ([^"]+)" -> "\[root\] ([^"]+)"')


class Order:
    """The graph that Terraform walks."""

    def __init__(self, drawn: str) -> None:
        self._after: dict[str, list[str]] = {}
        for one, other in EDGE.findall(drawn):
            self._after.setdefault(one, []).append(other)

    def before(self, node: str) -> set[str]:
        """All that is there before it."""
        reached, left = set[str](), [node]
        while left:
            for other in self._after.get(left.pop(), ()):
                if other not in reached:
                    reached.add(other)
                    left.append(other)
        return reached


@pytest.mark.parametrize(("name", "folder", "prefix"), [("set", "envs/prod", "module.ion."), ("foundation", "foundation", "")])
def test_what_something_needs_is_there_before_it(initialised: Initialised, name: str, folder: str, prefix: str) -> None:
    order = Order(run(initialised(folder) / TERRAFORM / folder, "graph", "-type=plan").stdout)
    wrong = [
        f"{later} does not wait for {earlier}: {why}"
        for later, earlier, why in TABLE[name]
        if f"{prefix}{earlier} (expand)" not in order.before(f"{prefix}{later} (expand)")
    ]
    assert wrong == []


def said(module: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, str]]:
    """Every depends_on of a configuration: what waits, and for what."""
    for one in module.get("resources", ()):
        yield from ((f"{path}{one['address']}", f"{path}{earlier}") for earlier in one.get("depends_on", ()))
    for name, call in module.get("module_calls", {}).items():
        yield from said(call["module"], f"{path}module.{name}.")


def test_every_order_that_the_set_says_has_its_reason(planned: Plan) -> None:
    """So that one that is taken away is missed."""
    known = {(later, earlier) for later, earlier, _ in TABLE["set"]}
    ordered = {
        (later.removeprefix("module.ion."), earlier.removeprefix("module.ion."))
        for later, earlier in said(planned.told["configuration"]["root_module"])
    }
    assert ordered
    assert sorted(ordered - known) == []


def test_every_order_that_the_foundation_says_has_its_reason() -> None:
    known = {(later, earlier) for later, earlier, _ in TABLE["foundation"]}
    text = "".join(path.read_text(encoding="utf-8") for path in (REPOSITORY / TERRAFORM / "foundation").glob("*.tf"))
    ordered = {
        (f"{kind}.{name}", earlier.strip())
        for kind, name, body in RESOURCE.findall(text)
        for listed in re.findall(r"depends_on += \[([^\]]*)\]", body)
        for earlier in listed.split(",")
    }
    assert len(ordered) > 10
    assert sorted(ordered - known) == []


RESOURCE = re.compile(r'^resource "(\w+)" "(\w+)" \{(.*?)^\}', re.MULTILINE | re.DOTALL)
LIFECYCLE = re.compile(r'resource "(\w+)" "(\w+)" \{(?:(?!^\}).)*?^  lifecycle \{(.*?)^  \}', re.MULTILINE | re.DOTALL)


def test_what_outlives_a_mistake_and_what_is_replaced_create_first_is_known() -> None:
    """What is replaced create-first needs a free name; a key that is destroyed takes all that it locked with it."""
    found = {
        f"{path.parent.name}.{kind}.{name}": " ".join(re.sub(r"#.*", "", body).split())
        for path in (REPOSITORY / TERRAFORM).rglob("*.tf")
        for kind, name, body in LIFECYCLE.findall(path.read_text(encoding="utf-8"))
        if kind.startswith("google_")
    }
    assert found == {
        "region.google_compute_region_network_endpoint_group.router": "create_before_destroy = true",
        "region.google_compute_backend_service.router": "create_before_destroy = true",
        "foundation.google_kms_crypto_key.ion": "prevent_destroy = true",
        "foundation.google_kms_crypto_key.signing": "prevent_destroy = true",
        "foundation.google_secret_manager_secret.this": "ignore_changes = [rotation[0].next_rotation_time]",
    }
