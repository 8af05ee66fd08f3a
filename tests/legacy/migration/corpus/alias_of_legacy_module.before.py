import persona_system.legacy as old

RESULT = old.get_legacy_pipeline().get_confidence("calm-medium-learning")
old.reset_legacy_pipeline()
