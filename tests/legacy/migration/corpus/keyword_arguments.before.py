from persona_system import PersonaPipeline

p = PersonaPipeline()
RESULT = [
    p.get_persona(resonance_key="calm-medium-learning"),
    p.get_system_prompt(persona="Lua")[:3],
    p.build_prompt(persona="Elro", user_input="hi")[:4],
]
