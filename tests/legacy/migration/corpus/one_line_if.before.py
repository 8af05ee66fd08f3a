from persona_system import PersonaPipeline
if True: p = PersonaPipeline(); RESULT = p.get_persona("calm-medium-learning")
