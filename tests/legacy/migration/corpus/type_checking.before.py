from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from persona_system import PersonaPipeline


def persona_of(engine: PersonaPipeline, key: str) -> str:
    return engine.get_persona(key)
