import os

from persona_system import get_pipeline

engine = get_pipeline() if os.environ.get("FRESH") else get_pipeline()
RESULT = engine.router.route("calm-medium-learning").primary_persona
