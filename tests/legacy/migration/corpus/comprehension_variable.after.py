from persona_system import PersonaPipeline

RESULT = [each.get_persona("calm-medium-learning") for each in [PersonaPipeline()]]
