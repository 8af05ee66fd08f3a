"""The store of what must last."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from ion_mentoring.settings.group import STRICT, Environment, Settings


class Store(Settings):
    """The store of conversations and batch results: a file of the instance where nobody says so, but not where it counts."""

    environment: Environment = "local"
    store: Annotated[str, Field(pattern=r"^(sqlite:///.+|firestore://[^/]+(/[^/]+)?)$")] = "sqlite:///.data/ion.sqlite3"

    @model_validator(mode="after")
    def _chosen(self) -> Self:
        if self.environment in STRICT and "store" not in self.model_fields_set:
            raise ValueError("STORE has to be set in staging and prod")
        return self
