from persona_system import NewPersonaPipeline

Engine = NewPersonaPipeline


def persona_of(engine: Engine) -> str:
    return engine.router.route("calm-medium-learning").primary_persona


RESULT = persona_of(Engine())
