"""The shared instances of both pipelines."""

import threading
from typing import Final, Generic, TypeVar

from persona_system.pipeline.face import PersonaPipeline
from persona_system.pipeline.pipeline import NewPersonaPipeline

Pipeline = TypeVar("Pipeline", bound=NewPersonaPipeline)


class Shared(Generic[Pipeline]):
    """One instance for all threads, until it is reset."""

    def __init__(self, kind: type[Pipeline]) -> None:
        self._kind = kind
        self._lock = threading.RLock()
        self._instance: Pipeline | None = None

    def get(self) -> Pipeline:
        """The instance, made at the first call."""
        with self._lock:
            if self._instance is None:
                self._instance = self._kind()
            return self._instance

    def reset(self) -> None:
        """Forgets the instance; the next call makes another."""
        with self._lock:
            self._instance = None


_NEW: Final = Shared(NewPersonaPipeline)
_OLD: Final = Shared(PersonaPipeline)


def get_pipeline() -> NewPersonaPipeline:
    """The shared instance of the new pipeline."""
    return _NEW.get()


def reset_pipeline() -> None:
    """Forgets the shared instance of the new pipeline."""
    _NEW.reset()


def get_legacy_pipeline() -> PersonaPipeline:
    """The shared instance of the old face."""
    return _OLD.get()


def reset_legacy_pipeline() -> None:
    """Forgets the shared instance of the old face."""
    _OLD.reset()
