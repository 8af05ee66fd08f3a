from persona_system.legacy import get_legacy_pipeline as pipe, reset_legacy_pipeline as forget

RESULT = pipe().get_persona("calm-medium-learning")
forget()
