def persona_of(key):
    from persona_system import get_pipeline
    return get_pipeline().router.route(key).primary_persona


def confidence_of(key):
    from persona_system.pipeline import get_pipeline
    return get_pipeline().router.route(key).confidence


RESULT = [persona_of("calm-medium-learning"), confidence_of("calm-medium-learning")]
