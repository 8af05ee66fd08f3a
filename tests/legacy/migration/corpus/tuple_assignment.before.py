from persona_system import PersonaPipeline

pipeline, number = PersonaPipeline(), 3
RESULT = [pipeline.get_persona("calm-medium-learning"), number]
