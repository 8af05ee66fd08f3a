"""The pipelines of the old package, and their shared instances."""

from persona_system.pipeline.face import PersonaPipeline
from persona_system.pipeline.pipeline import NewPersonaPipeline
from persona_system.pipeline.shared import get_legacy_pipeline, get_pipeline, reset_legacy_pipeline, reset_pipeline

__all__ = [
    "NewPersonaPipeline",
    "PersonaPipeline",
    "get_legacy_pipeline",
    "get_pipeline",
    "reset_legacy_pipeline",
    "reset_pipeline",
]
