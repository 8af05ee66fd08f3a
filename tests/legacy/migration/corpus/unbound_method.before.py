from persona_system import PersonaPipeline

RESULT = PersonaPipeline.get_persona(PersonaPipeline(), "calm-medium-learning")
