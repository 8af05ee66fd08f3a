"""A stand-in for Memorystore's REST API (v1): instances and their certificate authorities, by name.

Fields and enumerations as in google.cloud.memorystore_v1; numbers, since the client asks for `enum-encoding=int`.
"""

import json
from collections.abc import Sequence
from typing import Any, Final

from tests.vendors.documents import Documents
from tests.vendors.plan import Plan, Request
from tests.vendors.server import Script

TOKEN: Final = "ya29.c.operator"  # what it takes
NAME: Final = "projects/a-project/locations/europe-west3/instances/answers"

CREATING, ACTIVE, UPDATING, DELETING = 1, 2, 3, 4
STANDALONE, CLUSTER, CLUSTER_DISABLED = 1, 2, 4
DATA, DISCOVERY, PRIMARY, READER = 0, 1, 2, 3
NO_AUTH, IAM_AUTH, TOKEN_AUTH = 1, 2, 3
PLAIN, ENCRYPTED = 1, 2
OWN_CA, SHARED_CA = 1, 2

Document = dict[str, Any]


class MemorystoreApi(Documents):
    """Knows `resources` by name (`projects/P/locations/R/...`), for those who bring `TOKEN`."""

    def __init__(self, script: Script = lambda request: Plan()) -> None:
        super().__init__(script)
        self.resources: dict[str, Document] = {}

    def refusal(self, request: Request) -> Plan | None:
        return None if request.headers.get("authorization") == f"Bearer {TOKEN}" else Plan(status=401)

    def document(self, request: Request) -> bytes | None:
        resource = self.resources.get(request.path.removeprefix("/v1/"))
        return None if resource is None or request.method != "GET" else json.dumps(resource).encode()

    def has(self, instance: Document, *chains: Sequence[str], shared: bool = False) -> None:
        """Adds an instance, and the certificates of its authority, which may be that of its region."""
        self.resources[NAME] = {"name": NAME, **instance}
        own, region = f"{NAME}/certificateAuthority", f"{NAME.partition('/instances/')[0]}/sharedRegionalCertificateAuthority"
        authority = {"managedServerCa": {"caCerts": [{"certificates": list(chain)} for chain in chains]}}
        self.resources[region if shared else own] = authority


def instance(*connections: Document, **fields: Any) -> Document:
    """An instance in the form that ours have: active, encrypted, a cluster, with IAM."""
    usual = {
        "state": ACTIVE,
        "mode": CLUSTER,
        "authorizationMode": IAM_AUTH,
        "transitEncryptionMode": ENCRYPTED,
        "serverCaMode": OWN_CA,
    }
    return usual | {"endpoints": [{"connections": list(connections)}]} | fields


def connection(ip_address: str, kind: int, *, made: str = "pscAutoConnection", status: int = 1, **fields: Any) -> Document:
    """One connection of an endpoint, as the platform makes them."""
    return {made: {"ipAddress": ip_address, "connectionType": kind, "pscConnectionStatus": status} | fields}
