from typing import List

from persona_system import get_pipeline, NewPersonaPipeline


def all_of(engines: List[NewPersonaPipeline]) -> list:
    return [engine.process("hi", "calm-medium-learning").persona_used for engine in engines]


RESULT = all_of([get_pipeline()])
