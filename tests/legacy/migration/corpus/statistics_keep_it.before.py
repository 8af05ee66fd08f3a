from persona_system import PersonaPipeline

p = PersonaPipeline()
RESULT = [p.get_persona("calm-medium-learning"), p.get_statistics()["total_personas"]]
p.clear_cache()
