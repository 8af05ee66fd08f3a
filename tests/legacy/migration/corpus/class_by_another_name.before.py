from persona_system import PersonaPipeline

Engine = PersonaPipeline
engine = Engine()
RESULT = engine.get_persona("calm-medium-learning")
