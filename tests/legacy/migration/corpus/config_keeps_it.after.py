from persona_system import PersonaPipeline

p = PersonaPipeline()
RESULT = [p.get_persona_config(name)["name"] for name in p.router.get_available_personas()]
