from persona_system import PersonaPipeline

p = PersonaPipeline()
RESULT = p.get_system_prompt(p.get_persona("calm-medium-learning")) == p.get_system_prompt("Elro")
