from persona_system import PersonaPipeline

pipeline = PersonaPipeline(config={"cache": True})
persona = pipeline.router.route("calm-medium-learning").primary_persona
