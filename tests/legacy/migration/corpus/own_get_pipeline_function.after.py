from persona_system import get_pipeline as get_persona_pipeline


def get_pipeline():
    return get_persona_pipeline()


RESULT = get_pipeline().router.route("calm-medium-learning").primary_persona
