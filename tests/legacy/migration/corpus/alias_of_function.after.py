from persona_system.pipeline import get_pipeline as pipe, reset_pipeline as forget

RESULT = pipe().router.route("calm-medium-learning").primary_persona
forget()
