"""The router of the old package."""

from persona_system.router.resonance_router import ResonanceBasedRouter

__all__ = ["ResonanceBasedRouter"]
