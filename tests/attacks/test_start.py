"""What a set that strangers reach refuses to start with: it ends at once, and names the variable without its value."""

import re
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.attacks import sets, wire

pytestmark = pytest.mark.slow


def _pem(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey) -> str:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


RSA_2048 = _pem(rsa.generate_private_key(65537, 2048))
RSA_1024 = _pem(rsa.generate_private_key(65537, 1024))
P_256, P_384 = _pem(ec.generate_private_key(ec.SECP256R1())), _pem(ec.generate_private_key(ec.SECP384R1()))
EDWARDS = _pem(ed25519.Ed25519PrivateKey.generate())
WITHOUT_A_DOOR = {"API_KEYS": "", "JWT_KEY": "", "JWT_ALGORITHM": "", "JWT_ISSUER": "", "JWT_AUDIENCE": ""}

SAYABLE = {"ion-router", "local", "RS256", "ES256", "none"}

# what is changed in strict settings -> the variable that has to be named
REFUSED: dict[str, tuple[dict[str, str], str]] = {
    "a cloud service without an environment": ({"ENVIRONMENT": "", "K_SERVICE": "ion-router"}, "ENVIRONMENT"),
    "a cloud service that calls itself local": ({"ENVIRONMENT": "local", "K_SERVICE": "ion-router"}, "ENVIRONMENT"),
    "no way to sign in": (WITHOUT_A_DOOR, "API_KEYS|JWT_KEY"),
    "no store": ({"STORE": ""}, "STORE"),
    "no sealing key": ({"CACHE_KEY_SECRET": ""}, r"\w*(SECRET|KEY)\w*"),
    "an HS256 key of one letter": ({"JWT_KEY": "Zq"}, "JWT_KEY"),
    "an HS256 key of 31 bytes": ({"JWT_KEY": "Zq" * 15 + "Z"}, "JWT_KEY"),
    "a PEM for HS256": ({"JWT_KEY": RSA_2048}, "JWT_KEY|JWT_ALGORITHM"),
    "a PEM for HS256 after a blank line": ({"JWT_KEY": "\n " + RSA_2048}, "JWT_KEY|JWT_ALGORITHM"),
    "an RSA key of 1,024 bits": ({"JWT_ALGORITHM": "RS256", "JWT_KEY": RSA_1024}, "JWT_KEY"),
    "a curve for RS256": ({"JWT_ALGORITHM": "RS256", "JWT_KEY": P_256}, "JWT_KEY|JWT_ALGORITHM"),
    "an Edwards curve for RS256": ({"JWT_ALGORITHM": "RS256", "JWT_KEY": EDWARDS}, "JWT_KEY|JWT_ALGORITHM"),
    "no PEM for RS256": ({"JWT_ALGORITHM": "RS256", "JWT_KEY": "Zq" * 32}, "JWT_KEY"),
    "an RSA key for ES256": ({"JWT_ALGORITHM": "ES256", "JWT_KEY": RSA_2048}, "JWT_KEY|JWT_ALGORITHM"),
    "another curve for ES256": ({"JWT_ALGORITHM": "ES256", "JWT_KEY": P_384}, "JWT_KEY|JWT_ALGORITHM"),
    "no algorithm": ({"JWT_ALGORITHM": "none"}, "JWT_ALGORITHM"),
    "an entry of API_KEYS without a role": ({"API_KEYS": "acme:" + "a7" * 32}, "API_KEYS"),
    "an entry of API_KEYS with an unknown role": ({"API_KEYS": "acme:root:" + "a7" * 32}, "API_KEYS"),
}


def _ended(place: Path, changes: Mapping[str, str]) -> tuple[int, str]:
    port, began = sets.free_port(), time.monotonic()
    settings = {**sets.STRICT, "STORE": f"sqlite:///{place / 'ion.db'}", "PORT": str(port), **changes}
    with subprocess.Popen(
        sets.SERVE, env=sets.environment(settings), stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as process:
        try:
            while process.poll() is None and not sets.is_up(port) and time.monotonic() < began + 5:
                time.sleep(0.1)
            assert process.poll() is not None, "it started"
        finally:
            process.kill()
        said, _ = process.communicate(timeout=5)
    return process.returncode, said.decode(errors="replace").strip()


@pytest.mark.parametrize("what", REFUSED)
def test_a_strict_set_ends_with_one_line_that_names_the_variable(what: str, tmp_path: Path) -> None:
    changes, names = REFUSED[what]
    code, said = _ended(tmp_path, changes)
    assert code != 0
    assert len(said.splitlines()) == 1, said
    assert re.search(rf"\b({names})\b", said), said
    for value in changes.values():
        shown = [
            line
            for line in value.splitlines()
            if len(line) > 1 and line not in {"ion-router", "local", "RS256", "ES256", "none"}
        ]
        assert not [line for line in shown if line in said], "the value is shown"


GOOD: dict[str, dict[str, str]] = {
    "an HS256 key of 32 bytes": {"JWT_KEY": "Zq" * 16},
    "an RSA key of 2,048 bits": {"JWT_ALGORITHM": "RS256", "JWT_KEY": RSA_2048},
    "the curve of ES256": {"JWT_ALGORITHM": "ES256", "JWT_KEY": P_256},
    "API keys alone": {"JWT_KEY": "", "JWT_ALGORITHM": "", "JWT_ISSUER": "", "JWT_AUDIENCE": ""},
}


@pytest.mark.parametrize("what", GOOD)
def test_a_strict_set_starts_with(what: str, tmp_path: Path) -> None:
    with sets.running(tmp_path, {**sets.STRICT, **GOOD[what]}) as found:
        assert wire.call(found.port, "GET", "/health").status == 200
        assert wire.call(found.port, "POST", "/api/v2/resonance", body={"text": "I am tired"}).status == 401
