"""Other cards of personas, as files beside the usual ones: each has what is another, and is read when it is first needed."""

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import Field

from ion_mentoring.catalogue.bilingual import Frozen
from ion_mentoring.errors import CardInvalid
from ion_mentoring.personas.card import Card
from ion_mentoring.personas.changes import changed, must_follow
from ion_mentoring.personas.variant import persona_of
from ion_mentoring.resources import ROOT, read_model


class CardChanges(Frozen):
    """The changes of a card: how a model is told to write, and how the playbook does. Who is asked stays as it is.

    `based_on` is the version of the usual card that it stands on, `version` its own, above that.
    """

    based_on: int = Field(ge=1)
    version: int = Field(ge=1)
    prompt: dict[str, Any] = Field(default_factory=dict)
    generation: dict[str, Any] = Field(default_factory=dict)
    shape: dict[str, Any] = Field(default_factory=dict)

    @property
    def tables(self) -> dict[str, Any]:
        """The fields of the card that it changes."""
        return {"version": self.version, "prompt": self.prompt, "generation": self.generation, "shape": self.shape}


class VariantCards:
    """The other cards of some personas, by name; `pattern` is the literal path of their files, None where there are none."""

    def __init__(self, usual: Mapping[str, Card], pattern: str | None) -> None:
        self._usual = usual
        self._pattern = pattern
        self._read: dict[str, Card] = {}

    @cached_property
    def _files(self) -> Mapping[str, Path]:
        found = sorted(ROOT.glob(self._pattern)) if self._pattern else []
        return {path.stem: path for path in found if persona_of(path.stem) in self._usual}

    @property
    def names(self) -> tuple[str, ...]:
        """Their names."""
        return tuple(self._files)

    def __getitem__(self, name: str) -> Card:
        """The card of a name; CardInvalid where there is none, or it is wrong."""
        if name not in self._read:
            self._read[name] = self._card(name)
        return self._read[name]

    def _card(self, name: str) -> Card:
        path = self._files.get(name)
        if path is None:
            raise CardInvalid(f"{name}: no such card")
        usual, changes = self._usual[persona_of(name)], read_model(CardChanges, path)
        must_follow(path, usual.version, changes.based_on, changes.version)
        return changed(usual, changes.tables, path)
