"""Other versions of the instructions for all personas, as files beside the usual ones: each has what is another."""

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Final

from ion_mentoring.errors import CardInvalid
from ion_mentoring.personas.changes import changed, must_follow
from ion_mentoring.personas.prompts.instructions import Instructions, load_instructions
from ion_mentoring.resources import ROOT, read_toml

VERSIONS: Final = "ion_mentoring/personas/prompts/versions/*.toml"


class PromptVersions:
    """The other versions, by name, which is the version itself; each is read when it is first needed."""

    def __init__(self, pattern: str = VERSIONS) -> None:
        self._pattern = pattern
        self._read: dict[str, Instructions] = {}

    @cached_property
    def _files(self) -> Mapping[str, Path]:
        return {path.stem: path for path in sorted(ROOT.glob(self._pattern))}

    @property
    def names(self) -> tuple[str, ...]:
        """Their names."""
        return tuple(self._files)

    def __getitem__(self, name: str) -> Instructions:
        """The instructions of a version; CardInvalid where there is none, or it is wrong."""
        if name not in self._read:
            self._read[name] = self._instructions(name)
        return self._read[name]

    def _instructions(self, name: str) -> Instructions:
        path = self._files.get(name)
        if path is None:
            raise CardInvalid(f"{name}: no such version of the prompts")
        usual, changes = load_instructions(), read_toml(path)
        based_on = changes.pop("based_on", None)
        made = changed(usual, changes, path)
        if str(made.version) != name:
            raise CardInvalid(f"{path.name}: version: is {made.version}, not the file's name", field="version")
        must_follow(path, usual.version, based_on if isinstance(based_on, int) else 0, made.version)
        return made
