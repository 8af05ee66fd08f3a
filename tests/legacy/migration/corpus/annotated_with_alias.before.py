from persona_system import PersonaPipeline

Engine = PersonaPipeline


def persona_of(engine: Engine) -> str:
    return engine.get_persona("calm-medium-learning")


RESULT = persona_of(Engine())
