import persona_system.pipeline as p

RESULT = p.get_pipeline().router.route("calm-medium-learning").confidence
