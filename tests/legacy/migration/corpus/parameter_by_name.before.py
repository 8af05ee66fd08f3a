from persona_system import PersonaPipeline


def persona_of(pipeline, key):
    return pipeline.get_persona(key)


RESULT = persona_of(PersonaPipeline(), "calm-medium-learning")
