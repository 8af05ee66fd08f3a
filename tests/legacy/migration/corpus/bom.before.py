from persona_system import PersonaPipeline
TEXT = "루아 é"
p = PersonaPipeline()
RESULT = [p.get_persona("calm-medium-learning"), TEXT]
