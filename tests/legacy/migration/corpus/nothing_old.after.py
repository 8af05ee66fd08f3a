from persona_system import ChatContext, NewPersonaPipeline, get_pipeline

RESULT = [get_pipeline().router.route("calm-medium-learning").primary_persona, NewPersonaPipeline().validate_resonance_key("x")]
