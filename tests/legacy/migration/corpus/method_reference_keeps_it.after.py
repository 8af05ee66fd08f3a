from persona_system import PersonaPipeline

p = PersonaPipeline()
RESULT = list(map(p.get_persona, ["calm-medium-learning", "urgent-medium-planning"]))
