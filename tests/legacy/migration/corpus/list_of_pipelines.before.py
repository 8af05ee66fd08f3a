from typing import List

from persona_system import PersonaPipeline


def all_of(engines: List[PersonaPipeline]) -> list:
    return [engine.process("hi", "calm-medium-learning").persona_used for engine in engines]


RESULT = all_of([PersonaPipeline()])
