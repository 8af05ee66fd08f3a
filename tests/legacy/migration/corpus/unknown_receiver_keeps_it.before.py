from persona_system import PersonaPipeline


def persona_of(thing, key):
    return thing.get_persona(key)


RESULT = persona_of(PersonaPipeline(), "calm-medium-learning")
