from persona_system import PersonaPipeline, get_legacy_pipeline

RESULT = [PersonaPipeline().get_persona("calm-medium-learning"), get_legacy_pipeline().get_persona("calm-medium-learning")]
