"""The flags of the set, with their types."""

from collections.abc import Mapping
from typing import Any, Final

from ion_mentoring.flags.flag import Flag, declared

EXPLORATION: Final = declared("exploration", float)
CONSOLE_WORKER: Final = declared("console_worker", bool)

FLAGS: Final[Mapping[str, Flag[Any]]] = {flag.name: flag for flag in (EXPLORATION, CONSOLE_WORKER)}
