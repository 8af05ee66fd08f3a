import persona_system

RESULT = persona_system.get_pipeline().router.route("urgent-fast-plan").primary_persona
