from persona_system.pipeline import get_pipeline, reset_pipeline

RESULT = get_pipeline().router.route("calm-medium-learning").all_scores
reset_pipeline()
