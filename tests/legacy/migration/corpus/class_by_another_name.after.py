from persona_system import NewPersonaPipeline

Engine = NewPersonaPipeline
engine = Engine()
RESULT = engine.router.route("calm-medium-learning").primary_persona
