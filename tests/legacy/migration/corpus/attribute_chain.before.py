import persona_system.legacy
import persona_system.pipeline

RESULT = [
    persona_system.legacy.get_legacy_pipeline().get_persona("calm-medium-learning"),
    persona_system.pipeline.PersonaPipeline().get_persona("playful-medium-learning"),
]
persona_system.legacy.reset_legacy_pipeline()
