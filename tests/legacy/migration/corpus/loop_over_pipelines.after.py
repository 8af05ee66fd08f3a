from persona_system import PersonaPipeline

RESULT = []
for engine in [PersonaPipeline()]:
    RESULT.append(engine.get_persona("calm-medium-learning"))
