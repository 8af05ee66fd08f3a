from persona_system.legacy import get_legacy_pipeline

RESULT = get_legacy_pipeline().get_debug_info("calm-medium-learning")["primary_persona"]
