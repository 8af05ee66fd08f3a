from persona_system import get_pipeline

_engine = None


def engine():
    global _engine
    if _engine is None:
        _engine = get_pipeline()
    return _engine


RESULT = engine().router.route("calm-medium-learning").primary_persona
