from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from persona_system import NewPersonaPipeline


def persona_of(engine: NewPersonaPipeline, key: str) -> str:
    return engine.router.route(key).primary_persona
