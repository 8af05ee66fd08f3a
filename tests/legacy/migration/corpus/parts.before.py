from persona_system import PersonaPipeline

p = PersonaPipeline()
RESULT = [
    p.get_router().route("calm-medium-learning").primary_persona,
    sorted(p.get_personas()),
    p.get_prompt_factory().get_available_personas(),
    p.get_available_personas(),
    p.get_new_pipeline().get_persona_capabilities("Lua"),
    p.validate_resonance_key("calm"),
]
