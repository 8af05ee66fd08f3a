from .persona_system import PersonaPipeline
from . import persona_system

pipeline = PersonaPipeline()
persona = pipeline.get_persona("calm-medium-learning")
