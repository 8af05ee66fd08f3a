from persona_system.legacy import get_legacy_pipeline, reset_legacy_pipeline

RESULT = get_legacy_pipeline().get_all_scores("calm-medium-learning")
reset_legacy_pipeline()
