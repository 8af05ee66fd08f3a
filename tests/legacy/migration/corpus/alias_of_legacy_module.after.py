import persona_system.pipeline as old

RESULT = old.get_pipeline().router.route("calm-medium-learning").confidence
old.reset_pipeline()
