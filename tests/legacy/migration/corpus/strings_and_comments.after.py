"""Uses PersonaPipeline: from persona_system import PersonaPipeline."""
from persona_system import get_pipeline

# pipeline.get_persona(key) tells who answers; PersonaPipeline() makes one
TEXT = "pipeline.get_persona(key) of persona_system.PersonaPipeline"
p = get_pipeline()
RESULT = [p.router.route("calm-medium-learning").primary_persona, f"{p.router.route('calm-medium-learning').primary_persona} by get_persona()", TEXT]
