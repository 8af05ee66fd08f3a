from persona_system import get_pipeline


def persona_of(pipeline, key):
    return pipeline.router.route(key).primary_persona


RESULT = persona_of(get_pipeline(), "calm-medium-learning")
