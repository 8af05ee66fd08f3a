from persona_system import PersonaPipeline

_pipeline = None


def get_pipeline():
    global _pipeline
    if _pipeline is None:
        _pipeline = PersonaPipeline()
    return _pipeline


RESULT = get_pipeline().get_persona("calm-medium-learning")
