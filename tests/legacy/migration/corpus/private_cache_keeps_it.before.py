from persona_system import PersonaPipeline

p = PersonaPipeline()
p.process("hi", "calm-medium-learning")
RESULT = len(p._cache)
