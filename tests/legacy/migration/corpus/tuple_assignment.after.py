from persona_system import get_pipeline

pipeline, number = get_pipeline(), 3
RESULT = [pipeline.router.route("calm-medium-learning").primary_persona, number]
