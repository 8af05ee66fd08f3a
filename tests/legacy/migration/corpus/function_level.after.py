def persona_of(key):
    from persona_system import get_pipeline

    return get_pipeline().router.route(key).primary_persona


RESULT = persona_of("calm-medium-learning")
