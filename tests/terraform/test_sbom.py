"""The bill of materials of a release names what runs, with its hashes."""

import hashlib
import json
import re
import zipfile
from pathlib import Path

import pytest

from infra.releasing.sbom import sbom
from infra.user_error import UserError
from tests.terraform.world import THIRD, World

PINS = """annotated-types==0.8.0 \\
    --hash=sha256:{a} \\
    --hash=sha256:{b}
valkey[libvalkey]==6.2.1 ; python_version >= "3.11" \\
    --hash=sha256:{a}
""".format(a="a" * 64, b="b" * 64)


def bundle(folder: Path, name: str, text: str) -> Path:
    file = folder / f"{name}-{'0' * 15}1.zip"
    with zipfile.ZipFile(file, "w") as made:
        made.writestr("requirements.txt", text)
    return file


def test_each_function_and_each_pin_is_on_it_once(tmp_path: Path) -> None:
    bundles = {name: bundle(tmp_path, name, PINS) for name in ("router", "lua")}
    bill = sbom("abc", bundles)
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    refs = [one["bom-ref"] for one in bill["components"]]
    assert refs == ["ion-lua", "ion-router", "pkg:pypi/annotated-types@0.8.0", "pkg:pypi/valkey@6.2.1"]
    (router,) = [one for one in bill["components"] if one["name"] == "ion-router"]
    assert router["hashes"] == [{"alg": "SHA-256", "content": hashlib.sha256(bundles["router"].read_bytes()).hexdigest()}]
    (types,) = [one for one in bill["components"] if one["name"] == "annotated-types"]
    assert [one["content"] for one in types["externalReferences"][0]["hashes"]] == ["a" * 64, "b" * 64]
    needs = {one["ref"]: one["dependsOn"] for one in bill["dependencies"]}
    assert needs["ion-mentoring"] == ["ion-lua", "ion-router"]
    assert needs["ion-lua"] == ["pkg:pypi/annotated-types@0.8.0", "pkg:pypi/valkey@6.2.1"]
    assert set(needs) | set(refs) >= {one for several in needs.values() for one in several}


def test_a_release_keeps_its_bill(released: World) -> None:
    released.deploy(THIRD)
    kept = json.loads((released.buckets / "ion-mentoring-dev-bundles/releases/dev/commit-3.cdx.json").read_text())
    assert kept["metadata"]["component"]["version"] == "commit-3"
    assert re.fullmatch(r"pkg:pypi/httpx2@2\.3", kept["components"][-1]["purl"])


def test_what_is_no_bundle_is_told(tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_text("x")
    with pytest.raises(UserError, match=r"x\.zip is no bundle"):
        sbom("abc", {"x": tmp_path / "x.zip"})
