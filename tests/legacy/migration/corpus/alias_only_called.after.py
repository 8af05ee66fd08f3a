from persona_system import get_pipeline

RESULT = get_pipeline().router.route("calm-medium-learning").primary_persona
