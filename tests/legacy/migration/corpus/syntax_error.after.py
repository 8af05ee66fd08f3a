from persona_system import PersonaPipeline
p = PersonaPipeline(
