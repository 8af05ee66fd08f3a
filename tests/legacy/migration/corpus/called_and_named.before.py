from persona_system import PersonaPipeline


def make() -> PersonaPipeline:
    return PersonaPipeline()


RESULT = make().get_persona("calm-medium-learning")
