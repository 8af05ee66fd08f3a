def persona_of(key):
    from persona_system import PersonaPipeline
    return PersonaPipeline().get_persona(key)


def confidence_of(key):
    from persona_system.legacy import get_legacy_pipeline
    return get_legacy_pipeline().get_confidence(key)


RESULT = [persona_of("calm-medium-learning"), confidence_of("calm-medium-learning")]
