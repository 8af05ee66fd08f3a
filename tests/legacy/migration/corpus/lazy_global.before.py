from persona_system import PersonaPipeline

_engine = None


def engine():
    global _engine
    if _engine is None:
        _engine = PersonaPipeline()
    return _engine


RESULT = engine().get_persona("calm-medium-learning")
