from persona_system import PersonaPipeline, get_pipeline

RESULT = [PersonaPipeline().get_persona("calm-medium-learning"), get_pipeline().validate_resonance_key("calm")]
