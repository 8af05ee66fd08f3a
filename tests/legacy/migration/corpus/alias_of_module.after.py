import persona_system as ps

pipeline = ps.get_pipeline()
RESULT = pipeline.router.route("calm-medium-learning").primary_persona
