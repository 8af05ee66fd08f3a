"""The old face of the pipeline, which warns once."""

import threading
import warnings
from datetime import UTC, datetime
from typing import Any, Final

from ion_mentoring.understanding.resonance.key import DEFAULT_KEY
from persona_system.base import AbstractPersona
from persona_system.library import texts
from persona_system.models import ChatContext, RoutingResult
from persona_system.pipeline.pipeline import NewPersonaPipeline
from persona_system.prompts import PromptBuilderFactory
from persona_system.router import ResonanceBasedRouter

MOST_KEPT: Final = 10_000  # routed keys: there are 216, and their spellings


class PersonaPipeline(NewPersonaPipeline):
    """The new pipeline with the methods of the old one. The first one that a process makes is a DeprecationWarning."""

    def __init__(self) -> None:
        _WARNING.once(stacklevel=3)
        super().__init__()
        self._cache: dict[str, RoutingResult] = {}

    def get_persona(self, resonance_key: str) -> str:
        """The name of the persona for a key."""
        return self._routed(resonance_key).primary_persona

    def get_confidence(self, resonance_key: str) -> float:
        """The confidence of the routing of a key."""
        return self._routed(resonance_key).confidence

    def get_all_scores(self, resonance_key: str) -> dict[str, float]:
        """The scores of all personas for a key."""
        return dict(self._routed(resonance_key).all_scores)

    def get_secondary_persona(self, resonance_key: str) -> str | None:
        """The name of the next best persona for a key."""
        return self._routed(resonance_key).secondary_persona

    def build_prompt(self, user_input: str, persona: str, context: ChatContext | None = None) -> str:
        """The prompt of a persona under the key calm-medium-learning; ValueError for an unknown persona."""
        return self.prompt_factory.create(persona).build(user_input, str(DEFAULT_KEY), context)

    def get_system_prompt(self, persona: str) -> str:
        """The instruction of a persona; ValueError for an unknown one."""
        return self.prompt_factory.create(persona).get_system_prompt()

    def get_user_prompt_template(self, persona: str) -> str:
        """The template of a persona, with its fields; ValueError for an unknown one."""
        return self.prompt_factory.create(persona).get_template()

    def get_persona_config(self, persona: str) -> dict[str, Any]:
        """Name, traits, strengths and description of a persona; ValueError for an unknown one."""
        if persona not in self.personas:
            raise ValueError(f"unknown persona {persona!r}; there are {', '.join(self.personas)}")
        config = self.personas[persona].config
        return {name: getattr(config, name) for name in ("name", "traits", "strengths", "description")}

    def get_available_personas(self) -> list[str]:
        """The names of all personas."""
        return self.router.get_available_personas()

    def clear_cache(self) -> None:
        """Forgets the keys that were routed."""
        self._cache.clear()

    def get_new_pipeline(self) -> NewPersonaPipeline:
        """The shared instance of the new pipeline."""
        from persona_system.pipeline.shared import get_pipeline

        return get_pipeline()

    def get_router(self) -> ResonanceBasedRouter:
        """The router."""
        return self.router

    def get_personas(self) -> dict[str, AbstractPersona]:
        """The personas by name."""
        return self.personas

    def get_prompt_factory(self) -> type[PromptBuilderFactory]:
        """The factory of prompt builders."""
        return self.prompt_factory

    def migrate_to_new_api(self) -> str:
        """A guide to the new calls, in both languages."""
        return f"{texts().migrating.ko}\n\n{texts().migrating.en}"

    def get_deprecation_warning(self) -> str:
        """The warning, in both languages."""
        return f"{texts().deprecated.ko}\n{texts().deprecated.en}"

    def get_statistics(self) -> dict[str, Any]:
        """The keys that were routed, and the personas."""
        names = self.get_available_personas()
        kept = list(self._cache)
        return {"cache_size": len(kept), "cached_keys": kept, "available_personas": names, "total_personas": len(names)}

    def get_debug_info(self, resonance_key: str) -> dict[str, Any]:
        """All that the routing of a key tells, and when it was asked."""
        routed = self._routed(resonance_key)
        return {
            "resonance_key": resonance_key,
            "primary_persona": routed.primary_persona,
            "secondary_persona": routed.secondary_persona,
            "confidence": routed.confidence,
            "all_scores": dict(routed.all_scores),
            "reasoning": routed.reasoning,
            "timestamp": datetime.now(UTC).isoformat(),
        }

    def _routed(self, resonance_key: str) -> RoutingResult:
        if not isinstance(resonance_key, str):
            return self.router.route(resonance_key)
        routed = self._cache.get(resonance_key) or self.router.route(resonance_key)
        if len(self._cache) < MOST_KEPT:
            self._cache[resonance_key] = routed
        return routed


class _Warning:
    """The warning about the old face, given once a process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.given = False

    def once(self, stacklevel: int) -> None:
        """Warns, unless that was done."""
        with self._lock:
            given, self.given = self.given, True
        if not given:
            warnings.warn(texts().deprecated.en, DeprecationWarning, stacklevel=stacklevel)


_WARNING: Final = _Warning()
