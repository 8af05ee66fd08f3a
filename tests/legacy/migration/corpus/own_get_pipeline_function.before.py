from persona_system import get_legacy_pipeline


def get_pipeline():
    return get_legacy_pipeline()


RESULT = get_pipeline().get_persona("calm-medium-learning")
