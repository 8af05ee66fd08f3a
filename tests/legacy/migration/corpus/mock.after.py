from unittest.mock import MagicMock

from persona_system import PersonaPipeline

engine = MagicMock(spec=PersonaPipeline)
engine.get_persona.return_value = "Lua"
RESULT = engine.get_persona("calm-medium-learning")
