"""The machine that a bundle runs on, by which markers are read."""

from collections.abc import Iterable, Mapping
from typing import Final

from packaging.requirements import Requirement

# Not the machine that makes the bundle: else a laptop's bundle would differ from CI's. The patch release only has to be a
# late one: some markers ask for the first ones of a minor release.
PLATFORM: Final[Mapping[str, str]] = {
    "implementation_name": "cpython",
    "implementation_version": "3.13.9",
    "os_name": "posix",
    "platform_machine": "x86_64",
    "platform_python_implementation": "CPython",
    "platform_release": "",
    "platform_system": "Linux",
    "platform_version": "",
    "python_full_version": "3.13.9",
    "python_version": "3.13",
    "sys_platform": "linux",
}


def applies(requirement: Requirement, extras: Iterable[str] = ()) -> bool:
    """True where the requirement holds on the platform, with any of these extras or with none."""
    marker = requirement.marker
    return marker is None or any(marker.evaluate({**PLATFORM, "extra": extra}) for extra in ("", *extras))
