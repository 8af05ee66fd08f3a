from persona_system import PersonaPipeline
print PersonaPipeline().get_persona("x")
