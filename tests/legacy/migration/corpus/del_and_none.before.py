from persona_system import PersonaPipeline

p = PersonaPipeline()
RESULT = p.get_persona("calm-medium-learning")
p = None
del p
