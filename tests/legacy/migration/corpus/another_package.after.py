# persona_system is not imported here
from other_system import PersonaPipeline

pipeline = PersonaPipeline()
persona = pipeline.get_persona("calm-medium-learning")
