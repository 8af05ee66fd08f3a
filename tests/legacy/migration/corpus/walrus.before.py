from persona_system import PersonaPipeline

if (engine := PersonaPipeline()) and engine.get_confidence("calm-medium-learning") > 0.5:
    RESULT = engine.get_persona("calm-medium-learning")
