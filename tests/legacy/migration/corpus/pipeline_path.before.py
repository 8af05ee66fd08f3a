from persona_system.pipeline import PersonaPipeline

RESULT = PersonaPipeline().get_secondary_persona("anxious-slow-advice")
