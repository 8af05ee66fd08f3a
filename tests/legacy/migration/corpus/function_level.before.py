def persona_of(key):
    from persona_system import PersonaPipeline

    return PersonaPipeline().get_persona(key)


RESULT = persona_of("calm-medium-learning")
