from persona_system import PersonaPipeline as PP

engine = PP()
RESULT = [engine.get_persona("calm-medium-learning"), isinstance(engine, PP)]
