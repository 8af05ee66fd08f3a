from persona_system import get_pipeline as get_persona_pipeline

_pipeline = None


def get_pipeline():
    global _pipeline
    if _pipeline is None:
        _pipeline = get_persona_pipeline()
    return _pipeline


RESULT = get_pipeline().router.route("calm-medium-learning").primary_persona
