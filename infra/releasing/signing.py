"""Signatures of images for Binary Authorization: by a key in Cloud KMS, on the digest that a build made.

The foundation makes the key, the note and the attestor (infra/terraform/foundation/signing.tf), and says the same names.
"""

import base64
import hashlib
import json
from dataclasses import dataclass
from typing import Final

from infra.releasing.cloud import Cloud

NAME: Final = "ion-built"
KMS: Final = "cloudkms.googleapis.com"
ANALYSIS: Final = "containeranalysis.googleapis.com"
TYPE: Final = "Google cloud binauthz container signature"


@dataclass(frozen=True, slots=True)
class Signer:
    """Signs images of a project, in the name of whoever releases."""

    cloud: Cloud

    @property
    def key(self) -> str:
        """The version of the key that signs."""
        return f"projects/{self.cloud.project}/locations/global/keyRings/ion/cryptoKeys/{NAME}/cryptoKeyVersions/1"

    @property
    def note(self) -> str:
        """The note that signatures hang on."""
        return f"projects/{self.cloud.project}/notes/{NAME}"

    def signed(self, image: str, digest: str) -> bool:
        """True if an image (without a tag) has a signature on this digest."""
        wanted = f'kind="ATTESTATION" AND resourceUrl="{_resource(image, digest)}"'
        found = self.cloud.pages(ANALYSIS, f"v1/projects/{self.cloud.project}/occurrences", "occurrences", {"filter": wanted})
        return any(one.get("noteName") == self.note for one in found)

    def sign(self, image: str, digest: str) -> None:
        """Signs an image (without a tag) as it is under this digest; UserError if that may not be done."""
        said = payload(image, digest)
        hashed = base64.b64encode(hashlib.sha256(said).digest()).decode()
        answer = self.cloud.post(KMS, f"v1/{self.key}:asymmetricSign", {"digest": {"sha256": hashed}})
        signature = {"publicKeyId": f"//{KMS}/v1/{self.key}", "signature": answer["signature"]}
        self.cloud.post(
            ANALYSIS,
            f"v1/projects/{self.cloud.project}/occurrences",
            {
                "resourceUri": _resource(image, digest),
                "noteName": self.note,
                "attestation": {"serializedPayload": base64.b64encode(said).decode(), "signatures": [signature]},
            },
        )


def payload(image: str, digest: str) -> bytes:
    """The text that is signed: the image by name and digest, as Binary Authorization reads it."""
    critical = {
        "identity": {"docker-reference": image},
        "image": {"docker-manifest-digest": digest},
        "type": TYPE,
    }
    return json.dumps({"critical": critical}, separators=(",", ":")).encode()


def _resource(image: str, digest: str) -> str:
    return f"https://{image}@{digest}"
