"""The set as Terraform would make it, with every value that the cloud alone gives invented once, so that a reference shows.

By `terraform test` and a mocked provider: it needs a provider, and no cloud.
"""

import json
import re
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

FUNCTION_MODULES: Final = {"persona": "function", "router": "function", "worker": "function"}
INDEX: Final = re.compile(r'\[(?:"([^"]*)"|(\d+))\]')
SIGNS: Final = "//cloudkms.googleapis.com/v1/projects/p/locations/global/keyRings/ion/cryptoKeys/ion-built/cryptoKeyVersions/1"
MOCK: Final = """
mock_provider "PROVIDER" {
  mock_resource "google_certificate_manager_dns_authorization" {
    defaults = { dns_resource_record = [{ name = "_acme-challenge", type = "CNAME", data = "authorize.example.com." }] }
  }
  mock_data "google_kms_crypto_key_version" {
    defaults = {
      id         = "KEY"
      public_key = [{ pem = "PEM", algorithm = "EC_SIGN_P256_SHA256" }]
    }
  }
}
"""


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """The values of a resource by path; of several blocks of a kind, each has its number."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from leaves(inner, f"{path}.{name}" if path else name)
    elif isinstance(value, list) and value and all(isinstance(one, Mapping) for one in value):
        for place, one in enumerate(value):
            yield from leaves(one, path if len(value) == 1 else f"{path}[{place}]")
    elif value not in (None, [], {}):
        yield path, value


@dataclass(frozen=True, slots=True)
class Resource:
    """A resource: the key of all of its kind, such as `edge.google_compute_url_map.https`, and the indices of this one."""

    address: str
    key: str
    indices: Mapping[str, str]
    values: Mapping[str, Any]

    @property
    def leaves(self) -> dict[str, Any]:
        """Its values by path."""
        return dict(leaves(self.values))


def resource(address: str, values: Mapping[str, Any]) -> Resource:
    """Reads an address: modules that are the same one under several names have one name here."""
    *modules, kind, name = re.sub(r'\["[^"]*"\]|\[\d+\]', "", address).split(".")
    calls = [one for one in modules if one != "module"]
    indexed = dict(re.findall(r'module\.(\w+)\["([^"]+)"\]', address))
    indices = {"region": indexed["region"]} if "region" in indexed else {}
    functions = [index for call, index in indexed.items() if call != "region"]
    indices |= {"function": functions[-1]} if functions else {}
    own = INDEX.search(address.rpartition(f".{name}")[2])
    indices |= {"each": own[1] if own[1] is not None else own[2]} if own else {}
    module = FUNCTION_MODULES.get(calls[-1], calls[-1]) if calls else ""
    return Resource(address, ".".join(part for part in (module, kind, name) if part), indices, values)


class Made:
    """All resources of a configuration that was applied in imagination."""

    def __init__(self, state: Mapping[str, Any]) -> None:
        found = list(_all(state["root_module"]))
        self.resources = [resource(_inner(one["address"]), one["values"]) for one in found if one["mode"] == "managed"]
        self.data = {_inner(one["address"]): one["values"] for one in found if one["mode"] == "data"}

    def of(self, key: str) -> list[Resource]:
        """Those of one key."""
        return [one for one in self.resources if one.key == key]

    def one(self, key: str, **indices: str) -> Resource:
        """The one of a key whose indices are these, as far as it has them."""
        fits = [one for one in self.of(key) if all(one.indices.get(name, index) == index for name, index in indices.items())]
        assert len(fits) == 1, f"{key} {indices}: {[one.address for one in fits]}"
        return fits[0]


def _inner(address: str) -> str:
    return address.removeprefix("module.ion.")


def _all(module: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield from module.get("resources", ())
    for child in module.get("child_modules", ()):
        yield from _all(child)


def make(command: str, folder: Path, variables: str = "", providers: tuple[str, ...] = ("google",)) -> Made:
    """Applies an initialised configuration in imagination; `variables` as a test of Terraform's says them."""
    return Made(_told(command, folder, variables, providers, "apply"))  # taking it down may fail: keys are kept from that


def plan(command: str, folder: Path, variables: str = "", providers: tuple[str, ...] = ("google",)) -> dict[str, Any]:
    """The plan of the same, as `terraform show -json` tells one."""
    return _told(command, folder, variables, providers, "plan")


def _told(command: str, folder: Path, variables: str, providers: tuple[str, ...], what: str) -> dict[str, Any]:
    mocks = "".join(MOCK.replace("PROVIDER", provider).replace("KEY", SIGNS) for provider in providers)
    given = f"variables {{\n{variables}\n}}\n" if variables else ""
    test = f'{mocks}{given}\nrun "made" {{\n  command = {what}\n}}\n'
    (folder / "made.tftest.hcl").write_text(test, encoding="utf-8")
    asked = [command, f"-chdir={folder}", "test", "-json", "-verbose", "-filter=made.tftest.hcl"]
    said = subprocess.run(asked, capture_output=True, text=True, check=False)
    lines = [json.loads(line) for line in said.stdout.splitlines()]
    runs = [line["test_run"].get("status") for line in lines if line["type"] == "test_run"]
    assert "pass" in runs, [line["diagnostic"] for line in lines if line["type"] == "diagnostic"] or said.stderr
    kind = {"apply": "test_state", "plan": "test_plan"}[what]
    (told,) = (line[kind] for line in lines if line["type"] == kind)
    return dict(told)
