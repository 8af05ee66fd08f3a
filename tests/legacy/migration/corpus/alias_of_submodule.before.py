import persona_system.pipeline as p

RESULT = p.PersonaPipeline().get_confidence("calm-medium-learning")
