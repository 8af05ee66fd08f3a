"""The lock of the repository: the pins of requirements.txt that hold on the platform, with their hashes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from infra.bundling.platform import applies
from infra.functions import read_text
from infra.user_error import UserError

LOCK: Final = Path("requirements.txt")
HASH: Final = "--hash="


@dataclass(frozen=True, slots=True)
class Pin:
    """One version of a distribution, by its normalised name, and the hashes of its files."""

    name: str
    version: str
    hashes: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.name}=={self.version}"

    @property
    def lines(self) -> str:
        """The pin as pip reads it: all of a file have hashes, or none may."""
        return " \\\n    ".join([str(self), *(f"{HASH}{one}" for one in self.hashes)]) + "\n"


Pins = Mapping[str, Pin]  # by name


def read_pins(root: Path) -> Pins:
    """The lock of the repository at `root`; UserError, with the line, for whatever is not `name==version` with hashes."""
    pins: dict[str, Pin] = {}
    for number, text in _lines(read_text(root, LOCK)):
        requirement, *hashes = (part.strip() for part in text.split(HASH))
        pin = _pin(requirement, tuple(sorted(hashes)), number)
        if pin is None:
            continue
        if pin.name in pins:
            raise UserError(f"{LOCK}:{number}: {pin.name} is pinned twice")
        pins[pin.name] = pin
    return pins


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """The logical lines, without comments, and the number at which each begins."""
    said, first = "", 0
    for number, line in enumerate(text.splitlines(), 1):
        part = line.partition("#")[0].strip()
        first = first if said else number
        said += part.removesuffix("\\")
        if said and not part.endswith("\\"):
            yield first, said
            said = ""


def _pin(text: str, hashes: tuple[str, ...], number: int) -> Pin | None:
    """The pin that a line says, or None where it is for other platforms."""
    try:
        requirement = Requirement(text)
    except InvalidRequirement as error:
        raise UserError(f"{LOCK}:{number}: {text!r} is no requirement") from error
    pinned = [one.version for one in requirement.specifier if one.operator == "==" and "*" not in one.version]
    if len(requirement.specifier) != 1 or not pinned or requirement.extras or requirement.url:
        raise UserError(f"{LOCK}:{number}: {text!r} is no exact pin, name==version")
    if not hashes:
        raise UserError(f"{LOCK}:{number}: {text!r} has no hash (make lock)")
    return Pin(canonicalize_name(requirement.name), pinned[0], hashes) if applies(requirement) else None
