import persona_system.pipeline
import persona_system.pipeline

RESULT = [
    persona_system.pipeline.get_pipeline().router.route("calm-medium-learning").primary_persona,
    persona_system.pipeline.get_pipeline().router.route("playful-medium-learning").primary_persona,
]
persona_system.pipeline.reset_pipeline()
