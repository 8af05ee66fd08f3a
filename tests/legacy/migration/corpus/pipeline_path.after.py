from persona_system.pipeline import get_pipeline

RESULT = get_pipeline().router.route("anxious-slow-advice").secondary_persona
