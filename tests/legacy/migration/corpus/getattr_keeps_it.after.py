from persona_system import PersonaPipeline

p = PersonaPipeline()
RESULT = getattr(p, "get_persona")("calm-medium-learning")
