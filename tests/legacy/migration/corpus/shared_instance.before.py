from persona_system import get_legacy_pipeline, reset_legacy_pipeline

RESULT = [get_legacy_pipeline().get_persona("calm-medium-learning")]
reset_legacy_pipeline()
RESULT.append(get_legacy_pipeline().get_confidence("playful-flowing-reflection"))
