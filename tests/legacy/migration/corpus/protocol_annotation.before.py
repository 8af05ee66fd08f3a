from typing import Protocol

from persona_system import PersonaPipeline


class Chooser(Protocol):
    def get_persona(self, resonance_key: str) -> str: ...


def persona_of(chooser: Chooser) -> str:
    return chooser.get_persona("calm-medium-learning")


RESULT = persona_of(PersonaPipeline())
