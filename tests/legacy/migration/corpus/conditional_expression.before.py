import os

from persona_system import PersonaPipeline, get_legacy_pipeline

engine = PersonaPipeline() if os.environ.get("FRESH") else get_legacy_pipeline()
RESULT = engine.get_persona("calm-medium-learning")
