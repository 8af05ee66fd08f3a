from persona_system import PersonaPipeline as Pipe

RESULT = Pipe().get_persona("calm-medium-learning")
