from persona_system import get_pipeline, PersonaPipeline

__all__ = ["PersonaPipeline", "persona_of"]


def persona_of(key):
    return get_pipeline().router.route(key).primary_persona


RESULT = persona_of("calm-medium-learning")
