"""Uses PersonaPipeline: from persona_system import PersonaPipeline."""
from persona_system import PersonaPipeline

# pipeline.get_persona(key) tells who answers; PersonaPipeline() makes one
TEXT = "pipeline.get_persona(key) of persona_system.PersonaPipeline"
p = PersonaPipeline()
RESULT = [p.get_persona("calm-medium-learning"), f"{p.get_persona('calm-medium-learning')} by get_persona()", TEXT]
