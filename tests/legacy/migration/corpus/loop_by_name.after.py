from persona_system import get_pipeline

RESULT = []
for pipeline in [get_pipeline()]:
    RESULT.append(pipeline.router.route("calm-medium-learning").primary_persona)
