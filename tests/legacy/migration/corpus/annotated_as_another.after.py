from persona_system import get_pipeline
from typing import Hashable

engine: Hashable = get_pipeline()
RESULT = engine.router.route("calm-medium-learning").primary_persona
