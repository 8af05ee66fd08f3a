from persona_system import pipeline as legacy

RESULT = legacy.get_pipeline().router.route("calm-medium-learning").primary_persona
