from functools import lru_cache

from persona_system import get_pipeline


@lru_cache(maxsize=None)
def persona_of(key, engine=get_pipeline()):
    return engine.router.route(key).primary_persona


RESULT = persona_of("calm-medium-learning")
