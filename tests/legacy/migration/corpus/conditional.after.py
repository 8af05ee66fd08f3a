import sys

if sys.version_info >= (3, 0):
    from persona_system import get_pipeline
else:
    from persona_system.pipeline import get_pipeline

RESULT = get_pipeline().router.route("calm-medium-learning").primary_persona
