from persona_system import get_pipeline, reset_pipeline

RESULT = [get_pipeline().router.route("calm-medium-learning").primary_persona]
reset_pipeline()
RESULT.append(get_pipeline().router.route("playful-flowing-reflection").confidence)
