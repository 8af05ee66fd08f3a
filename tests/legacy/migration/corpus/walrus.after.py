from persona_system import get_pipeline

if (engine := get_pipeline()) and engine.router.route("calm-medium-learning").confidence > 0.5:
    RESULT = engine.router.route("calm-medium-learning").primary_persona
