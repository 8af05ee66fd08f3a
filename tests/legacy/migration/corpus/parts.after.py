from persona_system import get_pipeline

p = get_pipeline()
RESULT = [
    p.router.route("calm-medium-learning").primary_persona,
    sorted(p.personas),
    p.prompt_factory.get_available_personas(),
    p.router.get_available_personas(),
    p.get_persona_capabilities("Lua"),
    p.validate_resonance_key("calm"),
]
