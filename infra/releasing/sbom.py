"""The bill of materials of a release, in the form of CycloneDX 1.6: its functions, and each distribution that they run on."""

import hashlib
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from infra.releasing.builds import digest, service
from infra.user_error import UserError

PIN: Final = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;\\]+)((?:[^\n\\]|\\\n)*)", re.MULTILINE)
HASH: Final = re.compile(r"--hash=sha256:([0-9a-f]{64})")

Component = dict[str, Any]


def sbom(commit: str, bundles: Mapping[str, Path]) -> dict[str, Any]:
    """The bill of a release's bundles, by function. UserError if one is no bundle."""
    libraries: dict[str, Component] = {}
    functions, needs = [], []
    for name, file in sorted(bundles.items()):
        used = {one["bom-ref"]: one for one in _libraries(_requirements(file))}
        libraries |= used
        functions.append(_function(name, file))
        needs.append({"ref": service(name), "dependsOn": sorted(used)})
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {"type": "application", "bom-ref": "ion-mentoring", "name": "ion-mentoring", "version": commit}
        },
        "components": [*functions, *(libraries[ref] for ref in sorted(libraries))],
        "dependencies": [{"ref": "ion-mentoring", "dependsOn": [service(name) for name in sorted(bundles)]}, *needs],
    }


def listed(files: Sequence[Path], bundles: Mapping[str, str]) -> dict[str, Path]:
    """The files of bundles, by function."""
    by_name = {file.name: file for file in files}
    return {function: by_name[bundle] for function, bundle in bundles.items() if bundle in by_name}


def _requirements(file: Path) -> str:
    try:
        with zipfile.ZipFile(file) as bundle:
            return bundle.read("requirements.txt").decode()
    except (zipfile.BadZipFile, KeyError) as error:
        raise UserError(f"{file.name} is no bundle: {error}") from error


def _function(name: str, file: Path) -> Component:
    content = hashlib.sha256(file.read_bytes()).hexdigest()
    hashes = [{"alg": "SHA-256", "content": content}]
    return {
        "type": "application",
        "bom-ref": service(name),
        "name": service(name),
        "version": digest(file.name),
        "hashes": hashes,
    }


def _libraries(requirements: str) -> Iterator[Component]:
    """Each pin, with the hashes of the files that pip may take for it."""
    for name, version, rest in PIN.findall(requirements):
        purl = f"pkg:pypi/{re.sub(r'[-_.]+', '-', name).lower()}@{version}"
        hashes = [{"alg": "SHA-256", "content": found} for found in HASH.findall(rest)]
        source = {"type": "distribution", "url": f"https://pypi.org/project/{name}/{version}/", "hashes": hashes}
        yield {
            "type": "library",
            "bom-ref": purl,
            "name": name,
            "version": version,
            "purl": purl,
            "externalReferences": [source],
        }
