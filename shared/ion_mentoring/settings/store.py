"""The store of what must last, and the master key under which people's words lie in it."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from ion_mentoring.settings.group import STRICT, Environment, Settings

KMS_KEY = r"^projects/[^/\s]+/locations/[^/\s]+/keyRings/[^/\s]+/cryptoKeys/[^/\s]+$"


class Store(Settings):
    """The store of conversations and batch results: a file of the instance where nobody says so, but not where it counts.

    The master key is one of Cloud KMS, or in a file; where neither is named, in one beside the store's own.
    """

    environment: Environment = "local"
    store: Annotated[str, Field(pattern=r"^(sqlite:///.+|firestore://[^/]+(/[^/]+)?)$")] = "sqlite:///.data/ion.sqlite3"
    sealing_kms_key: Annotated[str, Field(pattern=KMS_KEY)] | None = None
    sealing_key_file: str | None = None

    @model_validator(mode="after")
    def _chosen(self) -> Self:
        if self.environment in STRICT and "store" not in self.model_fields_set:
            raise ValueError("STORE has to be set in staging and prod")
        if self.sealing_kms_key and self.sealing_key_file:
            raise ValueError("SEALING_KMS_KEY and SEALING_KEY_FILE name the same thing: set one of them")
        shared = self.store.startswith("firestore://") and not (self.sealing_kms_key or self.sealing_key_file)
        if self.environment in STRICT and shared:
            raise ValueError("SEALING_KMS_KEY has to be set in staging and prod: what people write is sealed under it")
        return self
