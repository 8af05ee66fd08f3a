try:
    from persona_system import get_pipeline
except ImportError:
    from persona_system.pipeline import get_pipeline

RESULT = get_pipeline().router.route("calm-medium-learning").primary_persona
