"""The old face of the pipeline, under the path that programs import it by."""

from persona_system.pipeline import PersonaPipeline, get_legacy_pipeline, reset_legacy_pipeline

__all__ = ["PersonaPipeline", "get_legacy_pipeline", "reset_legacy_pipeline"]
