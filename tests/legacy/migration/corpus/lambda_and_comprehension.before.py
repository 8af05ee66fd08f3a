from persona_system import PersonaPipeline

p = PersonaPipeline()
keys = ["calm-medium-learning", "urgent-medium-planning"]
of = lambda key: p.get_persona(key)
RESULT = [{key: p.get_confidence(key) for key in keys}, [of(key) for key in keys], sorted(keys, key=lambda k: p.get_confidence(k))]
