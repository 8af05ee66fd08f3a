from persona_system import PersonaPipeline
RESULT = PersonaPipeline().get_persona("calm-medium-learning")