from persona_system import legacy

RESULT = legacy.get_legacy_pipeline().get_persona("calm-medium-learning")
