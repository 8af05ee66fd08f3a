from persona_system import PersonaPipeline

parts = {"pipeline": PersonaPipeline()}
RESULT = parts["pipeline"].get_persona("calm-medium-learning")
