from persona_system import *

pipeline = PersonaPipeline()
RESULT = pipeline.get_persona("calm-medium-learning")
