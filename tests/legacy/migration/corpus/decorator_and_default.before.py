from functools import lru_cache

from persona_system import PersonaPipeline


@lru_cache(maxsize=None)
def persona_of(key, engine=PersonaPipeline()):
    return engine.get_persona(key)


RESULT = persona_of("calm-medium-learning")
