import persona_system

RESULT = persona_system.PersonaPipeline().get_persona("urgent-fast-plan")
