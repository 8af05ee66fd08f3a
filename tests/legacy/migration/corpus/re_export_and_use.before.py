from persona_system import PersonaPipeline

__all__ = ["PersonaPipeline", "persona_of"]


def persona_of(key):
    return PersonaPipeline().get_persona(key)


RESULT = persona_of("calm-medium-learning")
