from persona_system import PersonaPipeline

p = PersonaPipeline()
args = ("hi", "Lua")
RESULT = p.build_prompt(*args)[:3]
