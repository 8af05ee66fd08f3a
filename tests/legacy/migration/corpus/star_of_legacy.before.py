from persona_system.legacy import *

RESULT = get_legacy_pipeline().get_persona("calm-medium-learning")
