"""The package that programs of the monolith import: its names on top of the library, with no logic of its own."""

from ion_mentoring import __version__
from persona_system.base import (
    AbstractAnalyzer,
    AbstractMiddleware,
    AbstractPersona,
    AbstractPromptBuilder,
    AbstractRouter,
    AnalysisResult,
)
from persona_system.models import (
    ChatContext,
    Intent,
    Pace,
    PersonaConfig,
    PersonaResponse,
    RhythmAnalysis,
    RoutingResult,
    Tone,
    ToneAnalysis,
)
from persona_system.personas import ElroPersona, LuaPersona, NanaPersona, RiriPersona
from persona_system.pipeline import (
    NewPersonaPipeline,
    PersonaPipeline,
    get_legacy_pipeline,
    get_pipeline,
    reset_legacy_pipeline,
    reset_pipeline,
)
from persona_system.prompts import (
    BasePromptBuilder,
    ElroPromptBuilder,
    LuaPromptBuilder,
    NanaPromptBuilder,
    PromptBuilderFactory,
    RiriPromptBuilder,
)
from persona_system.router import ResonanceBasedRouter

__all__ = [
    "AbstractAnalyzer",
    "AbstractMiddleware",
    "AbstractPersona",
    "AbstractPromptBuilder",
    "AbstractRouter",
    "AnalysisResult",
    "BasePromptBuilder",
    "ChatContext",
    "ElroPersona",
    "ElroPromptBuilder",
    "Intent",
    "LuaPersona",
    "LuaPromptBuilder",
    "NanaPersona",
    "NanaPromptBuilder",
    "NewPersonaPipeline",
    "Pace",
    "PersonaConfig",
    "PersonaPipeline",
    "PersonaResponse",
    "PromptBuilderFactory",
    "ResonanceBasedRouter",
    "RhythmAnalysis",
    "RiriPersona",
    "RiriPromptBuilder",
    "RoutingResult",
    "Tone",
    "ToneAnalysis",
    "__version__",
    "get_legacy_pipeline",
    "get_pipeline",
    "reset_legacy_pipeline",
    "reset_pipeline",
]
