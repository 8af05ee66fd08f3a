from typing import TypeVar

from persona_system import PersonaPipeline

T = TypeVar("T", bound=PersonaPipeline)


def same(engine: T) -> T:
    engine.get_persona("calm-medium-learning")
    return engine


RESULT = isinstance(same(PersonaPipeline()), PersonaPipeline)
