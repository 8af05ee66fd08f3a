from persona_system import get_pipeline
if True: p = get_pipeline(); RESULT = p.router.route("calm-medium-learning").primary_persona
