from persona_system import PersonaPipeline

a = PersonaPipeline()
b = a
c = b
RESULT = c.get_persona("calm-medium-learning")
