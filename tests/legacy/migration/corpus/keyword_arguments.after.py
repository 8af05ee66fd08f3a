from persona_system import get_pipeline

p = get_pipeline()
RESULT = [
    p.router.route(resonance_key="calm-medium-learning").primary_persona,
    p.prompt_factory.create("Lua").get_system_prompt()[:3],
    p.prompt_factory.create("Elro").build("hi", "calm-medium-learning")[:4],
]
