from persona_system import PersonaPipeline
TEXT = "ÿþ Ã©"
p = PersonaPipeline()
RESULT = [p.get_persona("calm-medium-learning"), TEXT]
