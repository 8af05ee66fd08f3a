from persona_system import PersonaPipeline

p = PersonaPipeline()
key = "urgent-medium-planning"
RESULT = [p.get_persona(key), p.get_confidence(key), p.get_all_scores(key), p.get_secondary_persona(key)]
