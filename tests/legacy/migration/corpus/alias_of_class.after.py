from persona_system import get_pipeline, NewPersonaPipeline as PP

engine = get_pipeline()
RESULT = [engine.router.route("calm-medium-learning").primary_persona, isinstance(engine, PP)]
