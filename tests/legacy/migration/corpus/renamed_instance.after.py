from persona_system import get_pipeline

a = get_pipeline()
b = a
c = b
RESULT = c.router.route("calm-medium-learning").primary_persona
