"""The prompt builders of the old package."""

from persona_system.prompts.builders import (
    BasePromptBuilder,
    ElroPromptBuilder,
    LuaPromptBuilder,
    NanaPromptBuilder,
    RiriPromptBuilder,
)
from persona_system.prompts.factory import PromptBuilderFactory

__all__ = [
    "BasePromptBuilder",
    "ElroPromptBuilder",
    "LuaPromptBuilder",
    "NanaPromptBuilder",
    "PromptBuilderFactory",
    "RiriPromptBuilder",
]
