from persona_system import get_pipeline

p = get_pipeline()
RESULT = p.prompt_factory.create(p.router.route("calm-medium-learning").primary_persona).get_system_prompt() == p.prompt_factory.create("Elro").get_system_prompt()
