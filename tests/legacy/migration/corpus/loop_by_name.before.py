from persona_system import PersonaPipeline

RESULT = []
for pipeline in [PersonaPipeline()]:
    RESULT.append(pipeline.get_persona("calm-medium-learning"))
