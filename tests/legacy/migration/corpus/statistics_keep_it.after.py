from persona_system import PersonaPipeline

p = PersonaPipeline()
RESULT = [p.router.route("calm-medium-learning").primary_persona, p.get_statistics()["total_personas"]]
p.clear_cache()
