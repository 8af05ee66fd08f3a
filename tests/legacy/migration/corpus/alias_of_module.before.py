import persona_system as ps

pipeline = ps.PersonaPipeline()
RESULT = pipeline.get_persona("calm-medium-learning")
