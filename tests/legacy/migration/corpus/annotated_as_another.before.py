from persona_system import PersonaPipeline
from typing import Hashable

engine: Hashable = PersonaPipeline()
RESULT = engine.get_persona("calm-medium-learning")
